import Ports
import Testing

@Suite struct StoreBehaviourRecordTests {
  @Test(arguments: StoreEngine.allCases) func trailIsNewestFirst(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      for event in ["a", "b", "c"] { try await store.add(AuditEntry.sample(event)) }
      let first = try await store.auditEntries(tenant: "acme", page: PageRequest(limit: 2))
      #expect(first.elements.map(\.event) == ["c", "b"])
      let rest = try await store.auditEntries(tenant: "acme", page: PageRequest(after: first.next, limit: 2))
      #expect(rest.elements.map(\.event) == ["a"] && rest.next == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func healthChecksAreNewestFirst(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      for (index, code) in ["ok", "upstream", "ok"].enumerated() {
        try await store.add(
          HealthCheckRecord(
            connection: "con_1", tenant: "acme", isHealthy: code == "ok", code: code, message: "m",
            at: start + UInt64(index)))
      }
      let checks = try await store.healthChecks(connection: "con_1", limit: 2)
      #expect(checks.map(\.at) == [start + 2, start + 1] && checks.map(\.isHealthy) == [true, false])
      #expect(try await store.healthChecks(connection: "con_2", limit: 2).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func webhookEventIsStoredOnceAndReadByTime(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      func event(_ id: String, key: String, at: UInt64, connector: String = "meta") -> WebhookEventRecord {
        WebhookEventRecord(
          id: id, connector: connector, deduplicationKey: key, headers: ["a": "b"], body: [0, 1],
          receivedAt: at)
      }
      // The later one came first.
      #expect(try await store.add(event("evt_2", key: "2", at: start + 2)))
      #expect(try await store.add(event("evt_1", key: "1", at: start + 1)))
      #expect(try await store.add(event("evt_3", key: "3", at: start + 2)))
      #expect(try await store.add(event("evt_4", key: "1", at: start + 4, connector: "x")))
      #expect(try await !store.add(event("evt_5", key: "1", at: start + 5)))
      #expect(await code { _ = try await store.add(event("evt_1", key: "9", at: start)) } == .conflict)
      var seen: [String] = []
      var after: String?
      repeat {
        let page = try await store.webhookEvents(
          connector: "meta", from: start + 1, to: start + 3, page: PageRequest(after: after, limit: 1))
        seen += page.elements.map(\.id)
        after = page.next
      } while after != nil && seen.count < 9
      #expect(seen == ["evt_1", "evt_2", "evt_3"])
      let first = try await store.webhookEvents(
        connector: "meta", from: 0, to: start + 2, page: PageRequest())
      #expect(first.elements == [event("evt_1", key: "1", at: start + 1)])
    }
  }
}
