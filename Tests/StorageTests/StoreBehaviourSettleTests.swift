import Ports
import Testing

@Suite struct StoreBehaviourSettleTests {
  @Test(arguments: StoreEngine.allCases) func publishedJobHasResultPostAndAttempt(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      let post = Post(
        id: "pst_1", tenant: "acme", job: "job_1", connection: "con_1", externalID: "x7",
        url: "https://p.test/x7",
        createdAt: start)
      try await store.settle(lease, .published(result: [7], post: post), now: start + 5)
      let job = try #require(try await store.job("job_1", tenant: "acme"))
      #expect(
        job.state == .published && job.result == [7] && job.finishedAt == start + 5 && job.attempts == 1)
      #expect(try await store.post("pst_1", tenant: "acme") == post)
      #expect(try await store.post("pst_1", tenant: "beta") == nil)
      #expect(try await store.posts(tenant: "acme", page: PageRequest()).elements == [post])
      #expect(try await store.attempts(job: "job_1") == [.sample(1, .published, at: start + 5)])
      #expect(try await store.depth(tenant: "acme") == [.published: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func retryingCountsWhatCounts(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      var now = start
      for (counts, isTimeout) in [(true, false), (true, true), (false, false), (false, true)] {
        try await store.settle(
          try await store.claimOne(now: now),
          .again(at: now + second, counts: counts, isTimeout: isTimeout, mustReconcile: isTimeout && counts),
          now: now)
        #expect(try await store.state("job_1") == .retrying)
        #expect(try await store.claim(now: now + hour).isEmpty)
        now += second
        #expect(try await store.release(now: now) == 1)
      }
      let job = try await store.claimOne(now: now).job
      #expect(job.attempts == 2 && job.timeouts == 1 && job.mustReconcile && job.error == upstream)
    }
  }

  @Test(arguments: StoreEngine.allCases) func onlyParkingKeepsTheJournal(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let endings: [(String, Settlement, Bool)] = [
        ("park", .park(until: start + hour, note: "a limit"), true),
        ("retry", .again(at: start + hour), false),
        ("hold", .hold(error: upstream, mustReconcile: false, note: "n"), false),
        ("cancelled", .cancelled, false),
        ("published", .published(result: [], post: nil), false),
        ("unknown", .unknown(error: upstream, deadLetter: "dlq_u"), false),
        ("dead", .dead(reason: .unretryableError, error: upstream, deadLetter: "dlq_d"), false),
      ]
      for (id, settlement, keeps) in endings {
        try await store.enqueue(.sample(id, connection: "con_\(id)"))
        let lease = try await store.claimOne()
        try await store.append([JournalRow(.start, library: id, bytes: [1])], under: lease.token)
        try await store.settle(lease, settlement)
        #expect(try await store.journal(of: id).isEmpty == !keeps, "\(id)")
      }
      #expect(try await store.pinnedLibraries() == ["park"])
      let parked = try #require(try await store.job("park", tenant: "acme"))
      #expect(parked.state == .retrying && parked.availableAt == start + hour && parked.note == "a limit")
      let states = try await store.depth(tenant: "acme")
      #expect(
        states == [.retrying: 3, .cancelled: 1, .published: 1, .unknown: 1, .dead: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func unknownAndDeadHaveDeadLetters(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2"))
      try await store.settle(try await store.claimOne(), .unknown(error: upstream, deadLetter: "dlq_1"))
      try await store.settle(
        try await store.claimOne(), .dead(reason: .maxRetriesExhausted, error: upstream, deadLetter: "dlq_2"))
      let letters = try await store.deadLetters(tenant: "acme", includesHandled: false, page: PageRequest())
        .elements
      #expect(letters.map(\.id) == ["dlq_2", "dlq_1"])
      #expect(letters.map(\.reason) == [.maxRetriesExhausted, .unknownOutcome])
      #expect(letters.map(\.job.state) == [.dead, .unknown])
      #expect(letters.allSatisfy { $0.job.error == upstream && !$0.job.payload.isEmpty })
      // What may have taken effect is looked for before it is done again.
      #expect(letters.map(\.job.mustReconcile) == [false, true])
    }
  }

  @Test(arguments: StoreEngine.allCases) func cancelledWhileItRanEndsInsteadOfWaiting(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let settlements: [(String, Settlement, Job.State)] = [
        ("retry", .again(at: start + 1), .cancelled), ("park", .park(until: start + 1, note: ""), .cancelled),
        ("hold", .hold(error: upstream, mustReconcile: false, note: ""), .cancelled),
        ("published", .published(result: [], post: nil), .published),
        ("unknown", .unknown(error: upstream, deadLetter: "dlq_1"), .unknown),
        ("cancelled", .cancelled, .cancelled),
      ]
      for (id, settlement, end) in settlements {
        try await store.enqueue(.sample(id, connection: "con_\(id)"))
        let lease = try await store.claimOne()
        try await store.append([JournalRow(.start, bytes: [1])], under: lease.token)
        #expect(try await store.cancelled(among: [id, "none"]).isEmpty)
        #expect(try await store.cancel(id, tenant: "acme", now: start).state == .processing)
        #expect(try await store.cancelled(among: [id, "none"]) == [id])
        try await store.settle(lease, settlement)
        let job = try #require(try await store.job(id, tenant: "acme"))
        #expect(job.state == end && job.finishedAt != nil, "\(id)")
        #expect(try await store.journal(of: id).isEmpty)
      }
    }
  }

  @Test(arguments: StoreEngine.allCases) func waitingJobIsCancelledAtOnce(_ engine: StoreEngine) async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2", scheduledFor: start + hour))
      for id in ["job_1", "job_2"] {
        #expect(try await store.cancel(id, tenant: "acme", now: start + 1).state == .cancelled)
        #expect(await code { _ = try await store.cancel(id, tenant: "acme", now: start) } == .conflict)
      }
      #expect(await code { _ = try await store.cancel("job_1", tenant: "beta", now: start) } == .notFound)
      #expect(try await store.claim().isEmpty)
      #expect(try await store.nextDue(now: start) == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func waitingJobWithAnOpenWriteIsLookedAtBeforeItEnds(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lost = try await store.claimOne(worker: "before")
      try await store.append(
        [JournalRow(.start, bytes: []), JournalRow(.intent, effect: 3, bytes: [])], under: lost.token)
      _ = try await store.abandonLeases(except: "now", now: start)
      #expect(try await store.cancel("job_1", tenant: "acme", now: start).state == .pending)
      let lease = try await store.claimOne()
      #expect(try await store.cancelled(among: ["job_1"]) == ["job_1"])
      // Its first run was killed: it is no second attempt.
      #expect(lease.isCancelled && lease.number == 1)
      try await store.settle(lease, .unknown(error: upstream, deadLetter: "dlq_1"))
      #expect(try await store.state("job_1") == .unknown)
    }
  }

  @Test(arguments: StoreEngine.allCases) func heldAndUnknownJobsResume(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2", connection: "con_2"))
      try await store.add(.sample("con_2"), secrets: [], audit: .sample())
      let first = try await store.claimOne()
      var connection = try await store.addStopped("con_1")
      try await store.settle(first, .hold(error: upstream, mustReconcile: true, note: "why"))
      let held = try #require(try await store.job("job_1", tenant: "acme"))
      #expect(held.state == .held && held.note == "why" && held.attempts == 0)
      // Not before its connection publishes; then nobody has to ask again.
      #expect(try await store.resume("job_1", tenant: "acme", now: start + 1).state == .held)
      connection.isPaused = false
      _ = try await store.update(connection, audit: .sample())
      #expect(try await store.state("job_1") == .pending)
      #expect(await code { _ = try await store.resume("job_1", tenant: "acme", now: start) } == .conflict)

      try await store.settle(try await store.claimOne(), .unknown(error: upstream, deadLetter: "dlq_1"))
      let resumed = try await store.resume("job_2", tenant: "acme", now: start + 30 * day)
      #expect(resumed.state == .pending && resumed.mustReconcile && resumed.finishedAt == nil)
      #expect(resumed.attempts == 0 && resumed.timeouts == 0 && resumed.dueAt == start + 30 * day)
      #expect(
        try await store.deadLetters(tenant: "acme", includesHandled: false, page: PageRequest()).elements
          .isEmpty)
      // Its age starts again: somebody wants to know.
      _ = try await store.release(now: start + 30 * day)
      #expect(try await store.claim(now: start + 30 * day).map(\.job.id).contains("job_2"))
    }
  }
}
