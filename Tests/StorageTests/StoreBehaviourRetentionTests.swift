import Ports
import Testing

@Suite struct StoreBehaviourRetentionTests {
  private let old = start + 31 * day

  /// The ledger lets go of keys 30 days after the end.
  private func emptyLedger(_ store: any Store) async throws {
    _ = try await store.release(now: old)
  }

  @Test(arguments: StoreEngine.allCases) func endedJobGoesWithItsAttempts(_ engine: StoreEngine) async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("old"))
      try await store.publish(try await store.claimOne())
      try await store.enqueue(.sample("new", createdAt: old))
      try await store.publish(try await store.claimOne(now: old), now: old)
      try await emptyLedger(store)
      #expect(try await store.remove(.jobs, before: start + 1, limit: 9) == 1)
      #expect(try await store.job("old", tenant: "acme") == nil)
      #expect(try await store.attempts(job: "old").isEmpty)
      #expect(try await store.attempts(job: "new").count == 1)
      #expect(try await store.depth(tenant: "acme") == [.published: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func waitingJobStaysHoweverOld(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("waiting"))
      #expect(try await store.remove(.jobs, before: old, limit: 9) == 0)
      #expect(try await store.depth(tenant: "acme") == [.pending: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func jobStaysWhileItsKeyAnswers(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("old"))
      try await store.publish(try await store.claimOne())
      #expect(try await store.remove(.jobs, before: old, limit: 9) == 0)
      #expect(try await store.job(idempotencyKey: "key of old", connection: "con_1", tenant: "acme") != nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func jobStaysWhileItsDeadLetterWaits(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("dead"))
      try await store.settle(
        try await store.claimOne(), .dead(reason: .expired, error: upstream, deadLetter: "dlq_1"))
      try await emptyLedger(store)
      #expect(try await store.remove(.deadLetters, before: old, limit: 9) == 0)
      #expect(try await store.remove(.jobs, before: old, limit: 9) == 0)
      #expect(try await store.deadLetter("dlq_1", tenant: "acme") != nil)
      try await store.drop(deadLetter: "dlq_1", tenant: "acme", now: old)
      #expect(try await store.remove(.deadLetters, before: old, limit: 9) == 0)
      #expect(try await store.remove(.deadLetters, before: old + 1, limit: 9) == 1)
      #expect(try await store.remove(.jobs, before: old, limit: 9) == 1)
      #expect(try await store.depth(tenant: "acme").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func retriedLetterStaysUntilItsNewJobIsOver(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await store.enqueue(.sample("dead"))
      try await store.settle(
        try await store.claimOne(), .dead(reason: .expired, error: upstream, deadLetter: "dlq_1"))
      _ = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "again", now: old)
      #expect(try await store.remove(.deadLetters, before: old, limit: 9) == 0)
      try await store.publish(try await store.claimOne(now: old), now: old)
      #expect(try await store.remove(.deadLetters, before: old, limit: 9) == 0)
      #expect(try await store.remove(.deadLetters, before: old + 1, limit: 9) == 1)
      #expect(try await store.remove(.jobs, before: old, limit: 9) == 1)
      #expect(try await store.depth(tenant: "acme") == [.published: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func oldChecksAndRecordsGoAndNewOnesStay(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let state = try await store.addStream()
      for at in [start, old] {
        try await store.add(
          HealthCheckRecord(connection: "con_1", tenant: "acme", isHealthy: true, code: "ok", at: at))
        _ = try await store.commit([.sample("at \(at)")], state, now: at)
      }
      for kind in [RetainedKind.healthChecks, .records] {
        #expect(try await store.remove(kind, before: old, limit: 9) == 1)
        #expect(try await store.remove(kind, before: old, limit: 9) == 0)
      }
      #expect(try await store.healthChecks(connection: "con_1", limit: 9).map(\.at) == [old])
      let kept = try await store.records(matching: .sample, page: PageRequest()).elements
      #expect(kept.map(\.id) == ["at \(old)"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func limitIsKept(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let state = try await store.addStream()
      _ = try await store.commit((0..<5).map { .sample("r\($0)") }, state, now: start)
      #expect(try await store.remove(.records, before: old, limit: 2) == 2)
      #expect(try await store.remove(.records, before: old, limit: 9) == 3)
    }
  }

  /// Rows of the trail are kept for ever.
  @Test(arguments: StoreEngine.allCases) func nothingRemovesTheTrail(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.add(AuditEntry.sample())
      for kind in RetainedKind.allCases { #expect(try await store.remove(kind, before: old, limit: 9) == 0) }
      #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.count == 1)
    }
  }
}
