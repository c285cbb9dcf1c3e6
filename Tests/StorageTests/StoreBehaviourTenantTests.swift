import Ports
import Testing

@Suite struct StoreBehaviourTenantTests {
  @Test(arguments: StoreEngine.allCases) func tenantIsMadeOnce(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let acme = Tenant(id: "acme", createdAt: start)
      #expect(try await store.makeTenant(acme) == acme)
      #expect(try await store.makeTenant(Tenant(id: "acme", createdAt: start + 1)) == acme)
      _ = try await store.makeTenant(Tenant(id: "aaa", createdAt: start))
      #expect(try await store.tenants().map(\.id) == ["acme", "aaa"])
      #expect(try await store.tenant("beta") == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func firstDataKeyStays(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      _ = try await store.makeTenant(Tenant(id: "acme", createdAt: start))
      let kept = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for index in 0..<20 { group.addTask { try await store.keepDataKey([UInt8(index)], tenant: "acme") } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(kept.count == 1)
      #expect(try await store.tenant("acme")?.dataKey == kept.first)
      #expect(await code { _ = try await store.keepDataKey([1], tenant: "beta") } == .notFound)
    }
  }

  @Test(arguments: StoreEngine.allCases) func keysAreFoundAndRevoked(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let key = APIKey(
        id: "abcd1234", tenant: "acme", digest: [1, 2], scopes: [.read, .operate], label: "ci",
        createdAt: start)
      try await store.add(key)
      try await store.add(APIKey(id: "other", tenant: "beta", digest: [3], scopes: [], createdAt: start))
      #expect(await code { try await store.add(key) } == .conflict)
      #expect(try await store.apiKey("abcd1234") == key)
      #expect(try await store.apiKeys(tenant: "acme") == [key])
      #expect(try await store.apiKeys(tenant: nil).count == 2)
      try await store.revokeAPIKey("abcd1234", at: start + 1)
      try await store.revokeAPIKey("abcd1234", at: start + 2)
      #expect(try await store.apiKey("abcd1234")?.revokedAt == start + 1)
      #expect(await code { try await store.revokeAPIKey("none", at: start) } == .notFound)
    }
  }

  @Test(arguments: StoreEngine.allCases) func noTenantSeesAnothersRows(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      for tenant in ["acme", "beta"] {
        let connection = "con_\(tenant)"
        try await store.add(
          .sample(connection, tenant: tenant), secrets: [],
          audit: .sample(tenant: tenant, subject: connection))
        try await store.enqueue(
          .sample("post_\(tenant)", tenant: tenant, connection: connection),
          .sample("dead_\(tenant)", tenant: tenant, connection: connection))
        let lease = try await store.claimOne()
        let post = Post(
          // The job knows better whose it is.
          id: "pst_\(tenant)", tenant: "acme", job: lease.job.id, connection: connection, externalID: "x",
          createdAt: start)
        try await store.settle(lease, .published(result: [], post: post))
        try await store.settle(
          try await store.claimOne(), .dead(reason: .expired, error: upstream, deadLetter: "dlq_\(tenant)"))
        let sync = SyncState.sample(connection: connection, tenant: tenant)
        try await store.add([sync])
        _ = try await store.commit(
          [.sample("r", connection: connection, tenant: tenant)], sync, now: start)
      }
      let page = PageRequest()
      #expect(
        try await store.connections(tenant: "beta", connector: nil, page: page).elements.map(\.id) == [
          "con_beta"
        ])
      #expect(
        try await store.jobs(tenant: "beta", matching: JobFilter(), page: page).elements.map(\.id)
          == ["dead_beta", "post_beta"])
      #expect(
        try await store.jobs(tenant: "beta", matching: JobFilter(connection: "con_acme"), page: page).elements
          .isEmpty)
      #expect(try await store.posts(tenant: "beta", page: page).elements.map(\.id) == ["pst_beta"])
      #expect(
        try await store.deadLetters(tenant: "beta", includesHandled: true, page: page).elements.map(\.id) == [
          "dlq_beta"
        ])
      #expect(
        try await store.auditEntries(tenant: "beta", page: page).elements.map(\.subject) == ["con_beta"])
      let filter = RecordFilter(tenant: "beta", connection: "con_acme")
      #expect(try await store.records(matching: filter, page: page).elements.isEmpty)
      #expect(try await store.syncs(connection: "con_acme", tenant: "beta").isEmpty)
      #expect(try await store.syncCensus(tenant: "beta").map(\.connections) == [1])
      #expect(
        await code {
          try await store.setDue(connection: "con_acme", tenant: "beta", stream: "reports", at: start)
        } == .notFound)
      #expect(try await store.depth(tenant: "beta") == [.published: 1, .dead: 1])
      #expect(try await store.depth(tenant: nil) == [.published: 2, .dead: 2])
      #expect(try await store.job("post_acme", tenant: "beta") == nil)
      #expect(try await store.connection("con_acme", tenant: "beta") == nil)
      #expect(try await store.post("pst_acme", tenant: "beta") == nil)
      #expect(await code { _ = try await store.resume("dead_acme", tenant: "beta", now: start) } == .notFound)
      #expect(
        await code { _ = try await store.retry(deadLetter: "dlq_acme", tenant: "beta", as: "j", now: start) }
          == .notFound)
    }
  }
}
