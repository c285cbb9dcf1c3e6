import Jobs
import Ports
import Synchronization
import Testing

@Suite struct DeadLettersTests {
  private let queue = MemoryJobQueue()

  private func letters(_ count: Int) {
    queue.state.withLock { state in
      for number in 0..<count {
        state.letters.append(
          DeadLetter(
            id: "dlq_\(number)", tenant: "t", job: .sample("job_\(number)"), reason: .expired,
            createdAt: start))
      }
    }
  }

  @Test func allThatWaitAreRetriedOnceAcrossPages() async throws {
    letters(450)
    let jobs = try await DeadLetters(queue: queue, clock: VirtualClock()).retryAll(tenant: "t")
    #expect(jobs.count == 450)
    #expect(Set(jobs.map(\.id)).count == 450)
    #expect(jobs.allSatisfy { RecordID.isID($0.id, of: .job) })
    #expect(queue.calls("deadLetters") == 3)
    #expect(queue.calls("retry") == 450)
  }

  @Test func noMoreThanTheLimitAreRetried() async throws {
    letters(450)
    #expect(
      try await DeadLetters(queue: queue, clock: VirtualClock()).retryAll(tenant: "t", limit: 210).count
        == 210)
    #expect(queue.calls("retry") == 210)
  }

  @Test func letterThatSomebodyHandledMeanwhileIsPassedOver() async throws {
    letters(3)
    queue.state.withLock { $0.refusedRetries = ["dlq_1"] }
    #expect(try await DeadLetters(queue: queue, clock: VirtualClock()).retryAll(tenant: "t").count == 2)
  }

  @Test func storeErrorEndsIt() async throws {
    letters(3)
    queue.fail(StoreError(.unavailable, "down"))
    await #expect(throws: StoreError.self) {
      try await DeadLetters(queue: queue, clock: VirtualClock()).retryAll(tenant: "t")
    }
  }
}
