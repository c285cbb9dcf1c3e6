import Ports
import Testing

@Suite struct StoreBehaviourSyncTests {
  @Test(arguments: StoreEngine.allCases) func streamIsKeptWholeAndAddedOnce(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let state = try await store.addStream()
      #expect(try await store.sync(connection: "con_1", stream: "reports") == state)
      _ = try await store.commit([], .whole, now: start)
      try await store.add([.sample()])
      #expect(try await store.syncs(connection: "con_1", tenant: "acme") == [.whole])
    }
  }

  @Test(arguments: StoreEngine.allCases) func streamOfNoConnectionIsNotAdded(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      _ = try await store.addStream()
      try await store.add([.sample(connection: "con_2"), .sample(connection: "con_1", tenant: "beta")])
      #expect(try await store.sync(connection: "con_2", stream: "reports") == nil)
      #expect(try await store.syncs(connection: "con_1", tenant: "beta").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func connectionsWithoutTheStreamAreFound(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      _ = try await store.addStream()
      try await store.add(.sample("con_2", tenant: "beta"), secrets: [], audit: .sample())
      try await store.add(.sample("con_3", connector: "meta"), secrets: [], audit: .sample())
      let found = try await store.connections(of: "mailchimp", withoutStream: "reports", limit: 9)
      #expect(found == [SyncOwner(connection: "con_2", tenant: "beta")])
      #expect(try await store.connections(of: "mailchimp", withoutStream: "members", limit: 1).count == 1)
    }
  }

  @Test(arguments: StoreEngine.allCases) func nextAreThoseOfConnectionsThatPublish(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let connections: [ConnectionRecord] = [
        .sample("late"), .sample("early"), .sample("paused", isPaused: true),
        .sample("tired", state: .attention), .sample("expiring", state: .expiringSoon),
      ]
      for connection in connections { _ = try await store.addStream(connection) }
      for (id, due) in [("late", start + 3), ("early", start + 1), ("expiring", start + 2), ("paused", 1)] {
        try await store.setDue(connection: id, tenant: "acme", stream: "reports", at: due)
      }
      let next = try await store.nextSyncs(connector: "mailchimp", stream: "reports", limit: 9)
      #expect(next.map(\.connection) == ["early", "expiring", "late"])
      #expect(try await store.nextSyncs(connector: "meta", stream: "reports", limit: 9).isEmpty)
      #expect(
        await code {
          try await store.setDue(connection: "early", tenant: "acme", stream: "members", at: 1)
        } == .notFound)
    }
  }

  @Test(arguments: StoreEngine.allCases) func checkpointStoresRecordsWithTheCursor(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      var state = try await store.addStream()
      state.cursor = "2"
      let tally = try await store.commit([.sample("a"), .sample("b")], state, now: start + 1)
      #expect(tally == SyncTally(new: 2))
      #expect(try await store.sync(connection: "con_1", stream: "reports")?.cursor == "2")
      let records = try await store.records(matching: .sample, page: PageRequest()).elements
      #expect(records.map(\.id) == ["b", "a"])
      #expect(records.map(\.firstSeen) == [start + 1, start + 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func lateDataReplacesAndSameDataIsNotWritten(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let state = try await store.addStream()
      _ = try await store.commit([.sample("a"), .sample("b")], state, now: start + 1)
      let tally = try await store.commit(
        [.sample("a", opens: 9), .sample("b"), .sample("c")], state, now: start + 2)
      #expect(tally == SyncTally(new: 1, changed: 1, unchanged: 1))
      let records = try await store.records(matching: .sample, page: PageRequest()).elements
      #expect(records.map(\.id) == ["c", "b", "a"])
      #expect(records.map(\.firstSeen) == [start + 2, start + 1, start + 1])
      #expect(records.map(\.updatedAt) == [start + 2, start + 1, start + 2])
      #expect(records.last?.value == Array(#"{"opens":9}"#.utf8))
    }
  }

  @Test(arguments: StoreEngine.allCases) func recordWithoutATimeIsAboutWhenItWasFound(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let state = try await store.addStream()
      _ = try await store.commit([.sample("a", at: nil)], state, now: start + 1)
      let tally = try await store.commit([.sample("a", at: nil)], state, now: start + 2)
      #expect(tally == SyncTally(unchanged: 1))
      #expect(
        try await store.records(matching: .sample, page: PageRequest()).elements.map(\.at) == [start + 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func checkpointOfARemovedConnectionStoresNothing(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      let state = try await store.addStream()
      try await store.remove("con_1", tenant: "acme", audit: .sample())
      #expect(await code { _ = try await store.commit([.sample("a")], state, now: start) } == .notFound)
      #expect(try await store.records(matching: .sample, page: PageRequest()).elements.isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func listHasTheLatestOfEachSubjectAndASubjectItsHistory(
    _ engine: StoreEngine
  ) async throws {
    try await engine.run { store in
      let state = try await store.addStream()
      _ = try await store.commit(
        [
          .sample("day 1", subject: "page", kind: "account", at: start),
          .sample("day 2", subject: "page", kind: "account", at: start + day),
          .sample("post", subject: "page", kind: "post", at: start + hour),
          .sample("elsewhere", subject: "page", kind: "account", at: start, stream: "members"),
        ], state, now: start)
      func ids(_ change: (inout RecordFilter) -> Void) async throws -> [String] {
        var filter = RecordFilter.sample
        change(&filter)
        return try await store.records(matching: filter, page: PageRequest()).elements.map(\.id)
      }
      #expect(try await ids { _ in } == ["day 2", "post", "elsewhere"])
      #expect(try await ids { $0.stream = "reports" } == ["day 2", "post"])
      #expect(try await ids { $0.kind = "account" } == ["day 2", "elsewhere"])
      #expect(
        try await ids {
          $0.subject = "page"
          $0.kind = "account"
          $0.stream = "reports"
        } == ["day 2", "day 1"])
      // As it stood then.
      #expect(try await ids { $0.until = start + day } == ["post", "elsewhere", "day 1"])
      #expect(try await ids { $0.since = start + 1 } == ["day 2", "post"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func pagesGoOnWhereTheyEnded(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let state = try await store.addStream()
      let all = (0..<5).map { SyncRecord.sample("r\($0)", at: start + UInt64($0 / 2)) }
      _ = try await store.commit(all, state, now: start)
      var seen: [String] = []
      var after: String?
      repeat {
        let page = try await store.records(matching: .sample, page: PageRequest(after: after, limit: 2))
        seen += page.elements.map(\.id)
        after = page.next
      } while after != nil && seen.count < 9
      #expect(seen == ["r4", "r3", "r2", "r1", "r0"])
      for cursor in ["jobs.1", "records.1", "records.x.1", "records.1.2.3"] {
        let code = await code {
          _ = try await store.records(matching: .sample, page: PageRequest(after: cursor))
        }
        #expect(code == .notFound)
      }
    }
  }

  @Test(arguments: StoreEngine.allCases) func censusTellsHowFarStreamsAre(_ engine: StoreEngine) async throws
  {
    try await engine.run { store in
      for id in ["con_1", "con_2", "con_3"] { _ = try await store.addStream(.sample(id)) }
      _ = try await store.commit([], .whole, now: start)
      var other = SyncState.sample(connection: "con_2")
      other.coveredUntil = start
      _ = try await store.commit([], other, now: start)
      let census = try await store.syncCensus(tenant: nil)
      #expect(
        census == [
          SyncCensus(
            connector: "mailchimp", stream: "reports", connections: 3, failing: 1, unread: 1,
            coveredUntil: start - hour)
        ])
      #expect(try await store.syncCensus(tenant: "beta").isEmpty)
    }
  }
}
