import Ports
import Testing

@Suite struct StoreBehaviourLeaseTests {
  @Test(arguments: StoreEngine.allCases) func lapsedLeaseIsTakenAgainAndTheStaleWorkerStoresNothing(
    _ engine: StoreEngine
  ) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2"))
      let stale = try await store.claimOne(worker: "w1")
      try await store.append([JournalRow(.start, library: "aa", bytes: [1])], under: stale.token)
      #expect(try await store.claim(now: stale.until - 1).isEmpty)
      let fresh = try await store.claimOne(worker: "w2", now: stale.until)
      #expect(fresh.job.id == "job_1" && fresh.token.fence > stale.token.fence && fresh.number == 1)

      #expect(await code { try await store.publish(stale) } == .fenced)
      #expect(
        await code { try await store.append([JournalRow(.turn, bytes: [2])], under: stale.token) } == .fenced)
      #expect(try await store.renew([stale.token, fresh.token], until: fresh.until + hour) == [stale.token])
      #expect(try await store.attempts(job: "job_1").isEmpty)
      #expect(try await store.journal(of: "job_1").count == 1)
      #expect(try await store.state("job_1") == .processing)
      try await store.publish(fresh)
      #expect(await code { try await store.publish(fresh) } == .fenced)
    }
  }

  @Test(arguments: StoreEngine.allCases) func renewedLeaseIsNotTaken(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      #expect(try await store.renew([lease.token], until: lease.until + hour).isEmpty)
      #expect(try await store.claim(now: lease.until + hour - 1).isEmpty)
      #expect(try await store.claim(now: lease.until + hour).count == 1)
      #expect(try await store.renew([LeaseToken(job: "job_9", fence: 1)], until: start).count == 1)
    }
  }

  @Test(arguments: StoreEngine.allCases) func abandonedJobsArePendingAndKeepTheirJournals(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2", connection: "con_2"))
      let old = try await store.claimOne(worker: "before")
      try await store.append([JournalRow(.start, bytes: [1])], under: old.token)
      let mine = try await store.claimOne(worker: "now")
      #expect(try await store.abandonLeases(except: "now", now: start + 1) == 1)
      #expect(try await store.state("job_1") == .pending)
      #expect(try await store.state("job_2") == .processing)
      #expect(await code { try await store.publish(old) } == .fenced)
      try await store.publish(mine)
      let again = try await store.claimOne(worker: "now")
      #expect(again.job.id == "job_1" && again.token.fence > mine.token.fence)
      #expect(try await store.journal(of: "job_1").count == 1)
    }
  }

  @Test(arguments: StoreEngine.allCases) func attemptNumbersCountAllAttempts(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let first = try await store.claimOne()
      try await store.settle(first, .park(until: start + 1, note: "a limit"))
      _ = try await store.release(now: start + 1)
      let next = try await store.claimOne()
      #expect(next.number == 2 && next.job.attempts == 0 && next.job.note.isEmpty)
      try await store.settle(next, .again(at: start + 2))
      _ = try await store.release(now: start + 2)
      #expect(try await store.claimOne().number == 3)
      #expect(try await store.attempts(job: "job_1").map(\.number) == [1, 2])
      #expect(try await store.attempts(job: "job_1").first == .sample(1, .parked))
    }
  }

  @Test(arguments: StoreEngine.allCases) func nextDueTellsTheFirstOfTimesAndLeases(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      #expect(try await store.nextDue(now: start) == nil)
      try await store.enqueue(.sample("job_1"), .sample("job_2", scheduledFor: start + hour))
      #expect(try await store.nextDue(now: start) == start + hour)
      let lease = try await store.claimOne()
      #expect(try await store.nextDue(now: start) == lease.until)
      try await store.settle(lease, .again(at: start + second))
      #expect(try await store.nextDue(now: start) == start + second)
      #expect(try await store.release(now: start + 2 * hour) == 2)
      #expect(try await store.nextDue(now: start + 2 * hour) == nil)
    }
  }
}
