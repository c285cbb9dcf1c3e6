import Ports
import Testing

@Suite struct StoreBehaviourEnqueueTests {
  @Test(arguments: StoreEngine.allCases) func jobComesBackAsItWasStored(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let job = Job(
        id: "job_1", tenant: "acme", connection: "con_1", connector: "mailchimp", action: "campaign.publish",
        payload: [0, 255], idempotencyKey: "k", digest: [1, 2], priority: .syncing, misfire: .ask,
        scheduledFor: start + hour, createdAt: start, retryOf: "job_0", mustReconcile: true)
      let enqueued = try await store.enqueue(job, capacity: 10)
      #expect(enqueued == .made(job))
      let stored = try await store.job("job_1", tenant: "acme")
      #expect(stored == job)
      #expect(job.state == .scheduled)
    }
  }

  @Test(arguments: StoreEngine.allCases) func sameKeyAndBodyIsTheSameJob(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let first = Job.sample("job_1", key: "k")
      try await store.enqueue(first)
      #expect(try await store.enqueue(.sample("job_2", key: "k"), capacity: 10) == .existing(first))
      #expect(
        try await store.enqueue(.sample("job_2", key: "k", digest: [2]), capacity: 10) == .otherBody(first))
      #expect(try await store.job("job_2", tenant: "acme") == nil)
      #expect(try await store.depth(tenant: nil) == [.pending: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func keysOfOtherTenantsAndConnectionsAreOthers(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(
        .sample("job_1", key: "k"), .sample("job_2", connection: "con_2", key: "k"),
        .sample("job_3", tenant: "beta", connection: "con_3", key: "k"), .sample("job_4", key: "k\0"),
        .sample("job_5", key: "k\0\0"))
    }
  }

  @Test(arguments: StoreEngine.allCases) func fullTenantIsToldAndOthersGoOn(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"), .sample("job_2", scheduledFor: start + hour))
      #expect(try await store.enqueue(.sample("job_3"), capacity: 2) == .full(waiting: 2))
      // What is there already is told all the same.
      #expect(try await store.enqueue(.sample("job_1"), capacity: 2) == .existing(.sample("job_1")))
      #expect(
        try await store.enqueue(.sample("job_4", tenant: "beta", connection: "con_2"), capacity: 2)
          == .made(.sample("job_4", tenant: "beta", connection: "con_2")))
      // One that runs does not wait.
      _ = try await store.claim(1)
      guard case .made = try await store.enqueue(.sample("job_3"), capacity: 2) else {
        Issue.record("no room was made")
        return
      }
    }
  }

  @Test(arguments: StoreEngine.allCases) func takenIdIsAConflict(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1", key: "a"))
      #expect(
        await code { _ = try await store.enqueue(.sample("job_1", key: "b"), capacity: 10) } == .conflict)
    }
  }

  @Test(arguments: StoreEngine.allCases) func ofManyWithOneKeyOneIsMade(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      let made = try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<100 {
          group.addTask {
            if case .made = try await store.enqueue(.sample("job_\(index)", key: "k"), capacity: 1000) {
              true
            } else {
              false
            }
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(made == 1)
      #expect(try await store.depth(tenant: "acme") == [.pending: 1])
    }
  }

  @Test(arguments: StoreEngine.allCases) func keyLivesThirtyDaysAfterTheEnd(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1", key: "k"))
      try await store.publish(try await store.claimOne(), now: start + day)
      _ = try await store.release(now: start + 31 * day - 1)
      guard case .existing = try await store.enqueue(.sample("job_2", key: "k"), capacity: 10) else {
        Issue.record("the key was forgotten early")
        return
      }
      _ = try await store.release(now: start + 31 * day)
      try await store.enqueue(.sample("job_2", key: "k"))
      #expect(try await store.state("job_1") == .published)
    }
  }

  @Test(arguments: StoreEngine.allCases) func listIsNewestFirstInPages(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      for index in 0..<7 { try await store.enqueue(.sample("job_\(index)", connection: "con_\(index % 2)")) }
      try await store.enqueue(.sample("job_other", tenant: "beta", connection: "con_9"))
      func ids(_ filter: JobFilter) async throws -> [[String]] {
        var pages: [[String]] = []
        var after: String?
        repeat {
          let page = try await store.jobs(
            tenant: "acme", matching: filter, page: PageRequest(after: after, limit: 3))
          pages.append(page.elements.map(\.id))
          after = page.next
        } while after != nil && pages.count < 10
        return pages
      }
      #expect(
        try await ids(JobFilter()) == [["job_6", "job_5", "job_4"], ["job_3", "job_2", "job_1"], ["job_0"]])
      #expect(try await ids(JobFilter(connection: "con_1")) == [["job_5", "job_3", "job_1"]])
      try await store.publish(try await store.claimOne())
      #expect(try await ids(JobFilter(state: .published)).flatMap { $0 }.count == 1)
      #expect(try await ids(JobFilter(state: .pending)).flatMap { $0 }.count == 6)
      #expect(try await ids(JobFilter(state: .dead)) == [[]])
      #expect(
        await code {
          _ = try await store.jobs(tenant: "acme", matching: JobFilter(), page: PageRequest(after: "jobs.x"))
        } == .notFound)
    }
  }
}
