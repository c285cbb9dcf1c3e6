import Ports
import Testing

@Suite struct StoreBehaviourClaimTests {
  @Test(arguments: StoreEngine.allCases) func connectionHasOneJobUnderLease(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2"), .sample("job_3", connection: "con_2"))
      let leases = try await store.claim()
      #expect(leases.map(\.job.id).sorted() == ["job_1", "job_3"])
      #expect(leases.allSatisfy { $0.job.state == .processing && $0.number == 1 })
      #expect(try await store.claim().isEmpty)
      try await store.publish(try #require(leases.first { $0.job.id == "job_1" }))
      #expect(try await store.claim().map(\.job.id) == ["job_2"])
      #expect(try await store.claim(0).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func connectionGoesByPriorityThenTimeThenAge(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(
        .sample("sync", priority: .syncing, createdAt: start - 2), .sample("late", createdAt: start - 1),
        .sample("old", createdAt: start - 2), .sample("older", createdAt: start - 2))
      var order: [String] = []
      while let lease = try await store.claim(1).first {
        order.append(lease.job.id)
        try await store.publish(lease)
      }
      #expect(order == ["old", "older", "late", "sync"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func tenantsTakeTurnsHoweverManyWait(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      for index in 0..<200 {
        try await store.enqueue(.sample("big_\(index)", tenant: "big", connection: "con_b\(index)"))
      }
      for index in 0..<5 {
        try await store.enqueue(.sample("small_\(index)", tenant: "small", connection: "con_s\(index)"))
      }
      #expect(try await store.claim(10).count { $0.job.tenant == "small" } == 5)
    }
  }

  @Test(arguments: StoreEngine.allCases) func connectionsOfATenantTakeTurns(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      for index in 0..<50 { try await store.enqueue(.sample("busy_\(index)", connection: "con_busy")) }
      try await store.enqueue(
        .sample("quiet_1", connection: "con_quiet"), .sample("quiet_2", connection: "con_quiet"))
      var served: [String] = []
      for _ in 0..<6 {
        let lease = try await store.claimOne()
        served.append(lease.job.connection)
        try await store.publish(lease)
      }
      #expect(served == ["con_busy", "con_quiet", "con_busy", "con_quiet", "con_busy", "con_busy"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func whatIsPausedIsPassedOver(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.setPause(.connector("mailchimp"), isPaused: true, now: start)
      try await store.enqueue(.sample("job_1"), .sample("job_2", connection: "con_2", connector: "meta"))
      #expect(try await store.claim().map(\.job.id) == ["job_2"])
      #expect(try await store.state("job_1") == .pending)
      try await store.setPause(.everything, isPaused: true, now: start)
      #expect(try await store.pauses() == [.everything, .connector("mailchimp")])
      try await store.setPause(.connector("mailchimp"), isPaused: false, now: start)
      #expect(try await store.claim().isEmpty)
      try await store.setPause(.everything, isPaused: false, now: start)
      try await store.setPause(.everything, isPaused: false, now: start)
      #expect(try await store.claim().map(\.job.id) == ["job_1"])
      #expect(try await store.pauses().isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func laterPauseCoversLanesThatAreThere(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      try await store.setPause(.connector("mailchimp"), isPaused: true, now: start)
      try await store.setPause(.connector("mailchimp"), isPaused: true, now: start)
      #expect(try await store.claim().isEmpty)
    }
  }
}
