import Ports
import Testing

@Suite struct StoreBehaviourDeadLetterTests {
  private func bury(_ store: any Store, _ id: String, key: String, as letter: String, isUnknown: Bool = false)
    async throws
  {
    try await store.enqueue(.sample(id, key: key))
    let lease = try await store.claimOne()
    try await store.settle(
      lease,
      isUnknown
        ? .unknown(error: upstream, deadLetter: letter)
        : .dead(reason: .unretryableError, error: upstream, deadLetter: letter))
  }

  @Test(arguments: StoreEngine.allCases) func retriedLetterBecomesALinkedJobThatOwnsTheKey(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      try await bury(store, "job_1", key: "k", as: "dlq_1", isUnknown: true)
      let job = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "job_2", now: start + 10 * day)
      #expect(
        job.retryOf == "job_1" && job.idempotencyKey == "k" && job.mustReconcile && job.state == .pending)
      #expect(job.createdAt == start + 10 * day && job.attempts == 0)
      #expect(try await store.job("job_2", tenant: "acme") == job)
      #expect(try await store.enqueue(.sample("job_3", key: "k"), capacity: 10) == .existing(job))
      #expect(try await store.deadLetter("dlq_1", tenant: "acme")?.retriedAs == "job_2")
      #expect(
        await code { _ = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "job_4", now: start) }
          == .conflict)
      #expect(
        await code { try await store.drop(deadLetter: "dlq_1", tenant: "acme", now: start) } == .conflict)
      #expect(await code { _ = try await store.resume("job_1", tenant: "acme", now: start) } == .conflict)
      #expect(
        try await store.claimOne().job
          == {
            var it = job; it.state = .processing; it.updatedAt = start; return it
          }())
    }
  }

  @Test(arguments: StoreEngine.allCases) func droppedLetterIsHandled(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await bury(store, "job_1", key: "a", as: "dlq_1")
      try await bury(store, "job_2", key: "b", as: "dlq_2")
      try await store.drop(deadLetter: "dlq_1", tenant: "acme", now: start + 1)
      func ids(_ includesHandled: Bool) async throws -> [String] {
        try await store.deadLetters(tenant: "acme", includesHandled: includesHandled, page: PageRequest())
          .elements.map(\.id)
      }
      #expect(try await ids(false) == ["dlq_2"])
      #expect(try await ids(true) == ["dlq_2", "dlq_1"])
      #expect(try await store.deadLetter("dlq_1", tenant: "acme")?.droppedAt == start + 1)
      #expect(
        await code { _ = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "job_3", now: start) }
          == .conflict)
      #expect(
        await code { try await store.drop(deadLetter: "dlq_2", tenant: "beta", now: start) } == .notFound)
      #expect(try await store.deadLetter("dlq_2", tenant: "beta") == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func keyThatNamesANewerJobIsNotTakenBack(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await bury(store, "job_1", key: "k", as: "dlq_1")
      _ = try await store.release(now: start + 31 * day)
      try await store.enqueue(.sample("job_2", key: "k", createdAt: start + 31 * day))
      #expect(
        await code { _ = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "job_3", now: start) }
          == .conflict)
      #expect(try await store.job("job_3", tenant: "acme") == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func repeatOfAJobThatNeverWroteMayWriteAtOnce(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      for (id, wrote) in [("a", false), ("b", true)] {
        try await store.enqueue(.sample(id))
        try await store.settle(
          try await store.claimOne(),
          .dead(reason: .unretryableError, error: upstream, deadLetter: "dlq_\(id)", mayHaveWritten: wrote))
        let job = try await store.retry(deadLetter: "dlq_\(id)", tenant: "acme", as: "new_\(id)", now: start)
        #expect(job.mustReconcile == wrote)
        try await store.publish(try await store.claimOne())
      }
    }
  }

  @Test(arguments: StoreEngine.allCases) func nothingIsRepeatedWithoutItsConnection(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await bury(store, "job_1", key: "k", as: "dlq_1", isUnknown: true)
      #expect(
        await code { _ = try await store.retry(deadLetter: "dlq_1", tenant: "acme", as: "j", now: start) }
          == .conflict)
      #expect(await code { _ = try await store.resume("job_1", tenant: "acme", now: start) } == .conflict)
      // Nothing was changed on the way to the refusal.
      #expect(try await store.state("job_1") == .unknown)
      #expect(try await store.deadLetter("dlq_1", tenant: "acme")?.retriedAs == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func largePayloadsMakeShortPages(_ engine: StoreEngine) async throws
  {
    try await engine.run { store in
      for number in 1...3 {
        var job = Job.sample("job_\(number)")
        job.payload = Array(repeating: 7, count: 5 << 20)
        try await store.enqueue(job)
        try await store.settle(
          try await store.claimOne(),
          .dead(reason: .expired, error: upstream, deadLetter: "dlq_\(number)"))
      }
      var seen: [[String]] = []
      var after: String?
      repeat {
        let page = try await store.deadLetters(
          tenant: "acme", includesHandled: false, page: PageRequest(after: after, limit: 200))
        seen.append(page.elements.map(\.id))
        after = page.next
      } while after != nil && seen.count < 9
      #expect(seen == [["dlq_3"], ["dlq_2"], ["dlq_1"]])
    }
  }
}
