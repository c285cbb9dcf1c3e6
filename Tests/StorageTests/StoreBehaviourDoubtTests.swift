import Ports
import Testing

/// A job that may have taken effect is never told cancelled or dead without a look.
@Suite struct StoreBehaviourDoubtTests {
  private let written = [
    JournalRow(.start, bytes: []), JournalRow(.intent, effect: 3, bytes: []),
    JournalRow(.result, effect: 3, bytes: []),
  ]

  private func isUnknown(_ id: String, _ store: any Store) async throws -> Bool {
    let job = try #require(try await store.job(id, tenant: "acme"))
    let letters = try await store.deadLetters(tenant: "acme", includesHandled: false, page: PageRequest())
    let reason = letters.elements.first { $0.job.id == id }?.reason
    let isEmpty = try await store.journal(of: id).isEmpty
    return job.state == .unknown && job.mustReconcile && reason == .unknownOutcome && isEmpty
  }

  @Test(arguments: StoreEngine.allCases) func cancelOfAWaitingJobThatMustLookIsUnknown(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      try await store.settle(try await store.claimOne(), .again(at: start + hour, mustReconcile: true))
      #expect(try await store.cancel("job_1", tenant: "acme", now: start).state == .unknown)
      #expect(try await isUnknown("job_1", store))
      #expect(try await store.job("job_1", tenant: "acme")?.error?.code == "unknown_outcome")
    }
  }

  @Test(arguments: StoreEngine.allCases) func cancelOfAParkedJobThatWroteWaitsForItsNextWorker(
    _ engine: StoreEngine
  ) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      try await store.append(written, under: lease.token)
      try await store.settle(lease, .park(until: start, note: ""))
      #expect(try await store.cancel("job_1", tenant: "acme", now: start).state == .retrying)
      _ = try await store.release(now: start)
      #expect(try await store.claimOne().isCancelled)
    }
  }

  @Test(arguments: StoreEngine.allCases) func cancelOfAHeldJobThatWroteIsUnknown(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      try await store.append(written, under: lease.token)
      try await store.settle(lease, .park(until: start, note: ""))
      _ = try await store.addStopped("con_1")
      #expect(try await store.cancel("job_1", tenant: "acme", now: start).state == .unknown)
      #expect(try await isUnknown("job_1", store))
    }
  }

  @Test(arguments: StoreEngine.allCases) func cancelThatComesBeforeTheSettlementKeepsTheDoubt(
    _ engine: StoreEngine
  ) async throws {
    try await engine.run { store in
      let settlements: [(String, Settlement)] = [
        ("retry", .again(at: start + 1, mustReconcile: true)),
        ("hold", .hold(error: upstream, mustReconcile: true, note: "")),
        // Its connection is gone: nobody would look.
        ("park", .park(until: start, note: "")),
        // Nothing is obliged to look, but something was written.
        ("repeat", .again(at: start + 1)),
      ]
      for (id, settlement) in settlements {
        try await store.enqueue(.sample(id, connection: "con_\(id)"))
        let lease = try await store.claimOne()
        if id == "park" || id == "repeat" { try await store.append(written, under: lease.token) }
        _ = try await store.cancel(id, tenant: "acme", now: start)
        try await store.settle(lease, settlement)
        #expect(try await isUnknown(id, store), "\(id)")
      }
    }
  }

  @Test(arguments: StoreEngine.allCases) func cancelledJobThatParksAfterAWriteIsLookedAt(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      try await store.append(written, under: lease.token)
      _ = try await store.cancel("job_1", tenant: "acme", now: start)
      try await store.settle(lease, .park(until: start, note: ""))
      #expect(try await store.state("job_1") == .retrying)
      _ = try await store.release(now: start)
      #expect(try await store.claimOne().isCancelled)
      #expect(try await store.journal(of: "job_1").count == 3)
    }
  }

  @Test(arguments: StoreEngine.allCases) func removedConnectionAndAgeMakeNoCertainty(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.enqueue(.sample("removed"), .sample("old", connection: "con_2"))
      for lease in try await store.claim() {
        try await store.settle(lease, .again(at: start + 30 * day, mustReconcile: true))
      }
      try await store.remove("con_1", tenant: "acme", audit: .sample())
      #expect(try await isUnknown("removed", store))
      _ = try await store.release(now: start + 8 * day)
      #expect(try await isUnknown("old", store))
    }
  }

  @Test(arguments: StoreEngine.allCases) func parkedJobThatWouldExpireAfterAWriteIsUnknown(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      for id in ["wrote", "read"] {
        try await store.enqueue(.sample(id))
        let lease = try await store.claimOne()
        if id == "wrote" { try await store.append(written, under: lease.token) }
        try await store.settle(lease, .dead(reason: .expired, error: upstream, deadLetter: "dlq_\(id)"))
      }
      #expect(try await isUnknown("wrote", store))
      #expect(try await store.state("read") == .dead)
    }
  }

  @Test(arguments: StoreEngine.allCases) func jobThatIsToBeHeldForAMendedConnectionGoesOn(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.enqueue(.sample("job_1"))
      try await store.settle(
        try await store.claimOne(), .hold(error: upstream, mustReconcile: false, note: "why"))
      let job = try #require(try await store.job("job_1", tenant: "acme"))
      #expect(job.state == .retrying && job.availableAt == start + 5 * second && job.attempts == 0)
      #expect(try await store.release(now: start + 5 * second) == 1)
    }
  }

  @Test(arguments: StoreEngine.allCases) func resumedJobKeepsItsTime(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      var connection = try await store.addStopped("con_1")
      _ = try await store.enqueue(.sample("job_1", scheduledFor: start + hour), capacity: 9)
      #expect(try await store.resume("job_1", tenant: "acme", now: start + 1).state == .held)
      connection.isPaused = false
      _ = try await store.update(connection, audit: .sample())
      let job = try #require(try await store.job("job_1", tenant: "acme"))
      #expect(job.state == .scheduled && job.availableAt == start + hour)
      #expect(try await store.claim().isEmpty)
    }
  }
}
