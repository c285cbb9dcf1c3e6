import Ports
import Testing

@Suite struct StoreBehaviourReleaseTests {
  @Test(arguments: StoreEngine.allCases) func scheduledJobIsPendingAtItsTime(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1", scheduledFor: start + hour))
      #expect(try await store.release(now: start + hour - 1) == 0)
      #expect(try await store.claim(now: start + hour).isEmpty)
      #expect(try await store.release(now: start + hour) == 1)
      #expect(try await store.claimOne(now: start + hour).job.availableAt == start + hour)
    }
  }

  @Test(arguments: StoreEngine.allCases) func missedTimeIsTreatedAsTheJobWishes(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.add(.sample(), secrets: [], audit: .sample())
      for misfire in Job.Misfire.allCases {
        try await store.enqueue(.sample("in time \(misfire)", misfire: misfire, scheduledFor: start + hour))
        try await store.enqueue(.sample("late \(misfire)", misfire: misfire, scheduledFor: start + hour - 1))
      }
      #expect(try await store.release(now: start + hour + 60 * second) == 6)
      for misfire in Job.Misfire.allCases { #expect(try await store.state("in time \(misfire)") == .pending) }
      #expect(try await store.state("late publish") == .pending)
      #expect(try await store.state("late skip") == .dead)
      let asked = try #require(try await store.job("late ask", tenant: "acme"))
      #expect(asked.state == .held && !asked.note.isEmpty)
      let letters = try await store.deadLetters(tenant: "acme", includesHandled: false, page: PageRequest())
        .elements
      #expect(letters.map(\.job.id) == ["late skip"] && letters.map(\.reason) == [.expired])
      #expect(RecordID.isID(letters[0].id, of: .deadLetter) && letters[0].job.error != nil)
      #expect(try await store.resume("late ask", tenant: "acme", now: start + 2 * hour).state == .pending)
    }
  }

  @Test(arguments: StoreEngine.allCases) func missedRetryIsNoMisfire(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1", misfire: .skip))
      try await store.settle(try await store.claimOne(), .again(at: start + second))
      #expect(try await store.release(now: start + day) == 1)
      #expect(try await store.state("job_1") == .pending)
    }
  }

  @Test(arguments: StoreEngine.allCases) func whatWaitedTooLongIsDead(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(
        .sample("pending"), .sample("later", connection: "con_2", scheduledFor: start + hour),
        .sample("retrying", connection: "con_3"), .sample("running", connection: "con_4"),
        .sample("held", connection: "con_5"))
      let leases = try await store.claim()
      _ = try await store.addStopped("con_5")
      for lease in leases {
        switch lease.job.id {
        case "retrying": try await store.settle(lease, .again(at: start + 30 * day))
        case "held": try await store.settle(lease, .hold(error: upstream, mustReconcile: false, note: ""))
        case "pending": try await store.settle(lease, .again(at: start))
        default: break
        }
      }
      #expect(try await store.release(now: start + 7 * day) == 2)
      #expect(try await store.depth(tenant: "acme")[.dead] == nil)
      #expect(try await store.release(now: start + 7 * day + 1) == 3)
      for id in ["pending", "retrying", "held"] { #expect(try await store.state(id) == .dead) }
      #expect(try await store.state("running") == .processing)
      #expect(try await store.state("later") == .pending)
      let letters = try await store.deadLetters(tenant: "acme", includesHandled: false, page: PageRequest())
        .elements
      #expect(letters.count == 3 && letters.allSatisfy { $0.reason == .expired })
      // Why it failed before says more than that it is old.
      #expect(letters.filter { $0.job.error == nil }.isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func thousandsThatFallDueTogetherAllMove(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<1_203 {
          group.addTask {
            try await store.enqueue(
              .sample(
                "job_\(index)", misfire: index % 2 == 0 ? .publish : .skip, scheduledFor: start + second))
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.release(now: start + hour) == 1_203)
      #expect(try await store.depth(tenant: "acme") == [.pending: 602, .dead: 601])
    }
  }
}
