import ConnectorModel
import Ports
import Testing

@Suite struct StoreBehaviourConnectionTests {
  private let secret = SealedSecret(
    connection: "con_1", tenant: "acme", field: "key", alternative: 1, bytes: [1, 2, 3])

  @Test(arguments: StoreEngine.allCases) func connectionSecretsAndTrailAreStoredTogether(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [secret], audit: .sample())
      #expect(try await store.connection("con_1", tenant: "acme") == .sample())
      #expect(try await store.connection("con_1") == .sample())
      #expect(try await store.secret(connection: "con_1", field: "key") == secret)
      #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements == [.sample()])
      // All or nothing: the second secret of one field is refused.
      #expect(
        await code { try await store.add(.sample("con_2"), secrets: [secret], audit: .sample()) } == .conflict
      )
      #expect(try await store.connection("con_2") == nil)
      #expect(await code { try await store.add(.sample(), secrets: [], audit: .sample()) } == .conflict)
      #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.count == 1)
    }
  }

  @Test(arguments: StoreEngine.allCases) func listIsNewestFirstByTenantAndConnector(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      for (id, tenant, connector) in [
        ("con_1", "acme", "meta"), ("con_2", "acme", "mailchimp"), ("con_3", "beta", "meta"),
        ("con_4", "acme", "meta"),
      ] {
        try await store.add(.sample(id, tenant: tenant, connector: connector), secrets: [], audit: .sample())
      }
      let first = try await store.connections(tenant: "acme", connector: nil, page: PageRequest(limit: 2))
      #expect(first.elements.map(\.id) == ["con_4", "con_2"])
      let rest = try await store.connections(
        tenant: "acme", connector: nil, page: PageRequest(after: first.next))
      #expect(rest.elements.map(\.id) == ["con_1"] && rest.next == nil)
      let meta = try await store.connections(tenant: "acme", connector: "meta", page: PageRequest())
      #expect(meta.elements.map(\.id) == ["con_4", "con_1"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func connectionsAreCountedByStateForOneTenant(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      for (id, tenant) in [("con_1", "acme"), ("con_2", "acme"), ("con_3", "beta")] {
        try await store.add(.sample(id, tenant: tenant), secrets: [], audit: .sample())
      }
      var broken = ConnectionRecord.sample()
      broken.state = .attention
      _ = try await store.update(broken, audit: .sample())
      #expect(try await store.connectionCounts(tenant: "acme") == [.healthy: 1, .attention: 1])
      #expect(try await store.connectionCounts(tenant: "nobody").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func updateNeedsTheVersionThatIsStored(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      var changed = ConnectionRecord.sample()
      changed.accountName = "Acme Ltd"
      changed.updatedAt = start + 1
      let stored = try await store.update(changed, audit: .sample("connection.renamed"))
      #expect(stored.version == 2 && stored.accountName == "Acme Ltd")
      #expect(try await store.connection("con_1") == stored)
      let stale = changed
      #expect(await code { _ = try await store.update(stale, audit: .sample()) } == .conflict)
      let foreign = ConnectionRecord.sample(tenant: "beta")
      #expect(await code { _ = try await store.update(foreign, audit: .sample()) } == .notFound)
      #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.count == 2)
    }
  }

  @Test(arguments: StoreEngine.allCases) func stoppedConnectionHoldsItsJobsAndLetsThemGo(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.add(.sample("con_2"), secrets: [], audit: .sample())
      try await store.enqueue(
        .sample("retrying"), .sample("running"), .sample("pending"),
        .sample("scheduled", scheduledFor: start + hour),
        .sample("asks", misfire: .ask, scheduledFor: start + second), .sample("other", connection: "con_2"))
      try await store.settle(try await store.claimOne(), .again(at: start + hour))
      let running = try #require(try await store.claim().first { $0.job.id == "running" })
      _ = try await store.release(now: start + 100 * second)
      #expect(try await store.state("asks") == .held)

      var connection = try #require(try await store.connection("con_1"))
      connection.state = .attention
      connection = try await store.update(connection, audit: .sample())
      for id in ["retrying", "pending", "scheduled"] { #expect(try await store.state(id) == .held) }
      #expect(try await store.state("running") == .processing)
      // What comes, and what comes back, is held as well.
      guard case .made(let new) = try await store.enqueue(.sample("new"), capacity: 100) else { return }
      #expect(new.state == .held && !new.note.isEmpty)
      try await store.settle(running, .again(at: start + hour))
      #expect(try await store.state("running") == .held)
      _ = try await store.release(now: start + 2 * hour)
      #expect(try await store.claim(now: start + 2 * hour).map(\.job.connection) == ["con_2"])

      // Paused in its place: still none runs.
      connection.state = .healthy
      connection.isPaused = true
      connection = try await store.update(connection, audit: .sample())
      #expect(try await store.state("pending") == .held)

      connection.isPaused = false
      _ = try await store.update(connection, audit: .sample())
      #expect(try await store.state("pending") == .pending)
      #expect(try await store.state("new") == .pending)
      #expect(try await store.state("scheduled") == .scheduled)
      #expect(try await store.state("retrying") == .retrying)
      #expect(try await store.state("running") == .retrying)
      // That one waits for a decision.
      #expect(try await store.state("asks") == .held)
    }
  }

  @Test(arguments: StoreEngine.allCases) func jobHeldForItsConnectionGoesOnWithIt(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      var connection = ConnectionRecord.sample(state: .attention)
      connection = try await store.update(connection, audit: .sample())
      try await store.settle(lease, .hold(error: upstream, mustReconcile: false, note: "connect again"))
      connection.state = .expiringSoon
      _ = try await store.update(connection, audit: .sample())
      #expect(try await store.claimOne().job.note.isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func newConnectionThatNeedsAPersonHoldsJobs(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("early"))
      try await store.add(.sample(isPaused: true), secrets: [], audit: .sample())
      _ = try await store.enqueue(.sample("late"), capacity: 10)
      #expect(try await store.depth(tenant: "acme") == [.held: 2])
    }
  }

  @Test(arguments: StoreEngine.allCases) func removedConnectionTakesAllButJobsAndTrailWithIt(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [secret], audit: .sample())
      try await store.enqueue(
        .sample("running"), .sample("waiting"), .sample("later", scheduledFor: start + hour))
      let running = try await store.claimOne()
      try await store.add(
        HealthCheckRecord(connection: "con_1", tenant: "acme", isHealthy: true, code: "ok", at: start))
      try await store.add([.sample()])
      _ = try await store.commit([.sample("r")], .sample(), now: start)
      _ = await store.ask(.init(.put, key: "a", value: [1]))

      #expect(await code { try await store.remove("con_1", tenant: "beta", audit: .sample()) } == .notFound)
      try await store.remove("con_1", tenant: "acme", audit: .sample("connection.removed"))
      #expect(await code { try await store.remove("con_1", tenant: "acme", audit: .sample()) } == .notFound)
      #expect(try await store.connection("con_1") == nil)
      #expect(try await store.secret(connection: "con_1", field: "key") == nil)
      #expect(try await store.healthChecks(connection: "con_1", limit: 9).isEmpty)
      #expect(try await store.syncs(connection: "con_1", tenant: "acme").isEmpty)
      #expect(try await store.records(matching: .sample, page: PageRequest()).elements.isEmpty)
      #expect(await store.ask(.init(.get, key: "a")).outcome == .notFound)
      #expect(try await store.depth(tenant: "acme") == [.processing: 1, .cancelled: 2])
      try await store.settle(running, .again(at: start + 1))
      #expect(try await store.state("running") == .cancelled)
      #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.count == 2)
    }
  }

  @Test(arguments: StoreEngine.allCases) func secretIsReplacedOnlyFromItsGeneration(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.replace(secret, ifGeneration: 0)
      #expect(await code { try await store.replace(secret, ifGeneration: 0) } == .conflict)
      var next = secret
      next.generation = 2
      next.bytes = [9]
      let refreshed = next
      #expect(await code { try await store.replace(refreshed, ifGeneration: 2) } == .conflict)
      try await store.replace(refreshed, ifGeneration: 1)
      #expect(try await store.secret(connection: "con_1", field: "key") == refreshed)
      next.connection = "con_9"
      let lost = next
      #expect(await code { try await store.replace(lost, ifGeneration: 0) } == .conflict)
    }
  }
}
