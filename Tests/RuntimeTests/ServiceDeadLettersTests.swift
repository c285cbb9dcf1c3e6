import ConnectorModel
import Ports
import Sandbox
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceDeadLettersTests {
  /// The platform refuses every new campaign as invalid.
  private static let refusal = """
    {"method":"POST","path":"/3.0/campaigns","times":null,"do":{"status":400,
     "headers":{"Content-Type":"application/problem+json"},
     "body":"{\\"title\\":\\"Invalid Resource\\",\\"detail\\":\\"The list is not known.\\",\\"status\\":400}"}}
    """

  /// Runs `body` with so many jobs that the platform refused.
  private func withDead(
    _ count: Int, _ body: (ServiceBench, ConnectionRecord, [DeadLetter]) async throws -> Void
  ) async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(Self.refusal)
      for number in 0..<count {
        let job = try await bench.publish(on: connection, key: "dead-\(number)")
        try await bench.job(job.id, after: "job.dead")
      }
      bench.sandbox.removeFaults()
      try await body(bench, connection, try await letters(bench))
    }
  }

  private func letters(_ bench: ServiceBench) async throws -> [DeadLetter] {
    try await bench.service.deadLetters(page: PageRequest(), by: bench.owner).elements
  }

  @Test func refusedJobIsDeadAtOnceAndSaysWhy() async throws {
    try await withDead(1) { bench, _, letters in
      let letter = try #require(letters.first)
      #expect(letter.reason == .unretryableError)
      #expect(letter.job.attempts == 1)
      #expect(letter.job.error?.code == "invalid_input")
      #expect(letter.job.error?.message.contains("The list is not known.") == true)
      #expect(letter.job.error?.action.isEmpty == false)
      #expect(try await bench.service.deadLetter(letter.id, by: bench.owner) == letter)
      #expect(try bench.sends == 0)
    }
  }

  @Test func retryMakesANewJobThatIsLinkedToTheOld() async throws {
    try await withDead(1) { bench, connection, letters in
      let job = try await bench.service.retryDeadLetter(letters[0].id, by: bench.owner)
      #expect(job.retryOf == letters[0].job.id)
      #expect(job.id != letters[0].job.id)
      try await bench.job(job.id, after: "job.published")
      #expect(try await self.letters(bench).isEmpty)
      #expect(try bench.sends == 1)
      // The ledger follows: the order that died is the job that was published.
      let again = try await bench.service.publish(bench.order(connection, key: "dead-0"), by: bench.owner)
      #expect(!again.isNew)
      #expect(again.job.id == job.id)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.retryDeadLetter(letters[0].id, by: bench.owner)
      }
      #expect(error?.code == .conflict)
    }
  }

  @Test func allAreRetriedTogether() async throws {
    try await withDead(3) { bench, _, letters in
      let jobs = try await bench.service.retryDeadLetters(by: bench.owner)
      #expect(Set(jobs.compactMap(\.retryOf)) == Set(letters.map(\.job.id)))
      for job in jobs { try await bench.job(job.id, after: "job.published") }
      #expect(try bench.sends == 3)
      #expect(try await bench.service.retryDeadLetters(by: bench.owner).isEmpty)
    }
  }

  /// Each retry of all made another dead letter of it.
  @Test func letterOfARemovedConnectionIsNotRetried() async throws {
    try await withDead(1) { bench, connection, letters in
      try await bench.service.removeConnection(connection.id, by: bench.owner)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.retryDeadLetter(letters[0].id, by: bench.owner)
      }
      #expect(error?.code == .conflict)
      #expect(error?.message.contains(connection.id) == true)
      #expect(try await bench.service.retryDeadLetters(by: bench.owner).isEmpty)
      #expect(try await self.letters(bench).map(\.id) == letters.map(\.id))
      try await bench.service.dropDeadLetter(letters[0].id, by: bench.owner)
    }
  }

  @Test func droppedLetterIsGoneForGood() async throws {
    try await withDead(1) { bench, _, letters in
      try await bench.service.dropDeadLetter(letters[0].id, by: bench.owner)
      #expect(try await self.letters(bench).isEmpty)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.retryDeadLetter(letters[0].id, by: bench.owner)
      }
      #expect(error?.code == .conflict)
      let trail = try await bench.service.auditEntries(page: PageRequest(), by: bench.owner).elements
      #expect(trail.contains { $0.event == "dead_letter.dropped" && $0.subject == letters[0].id })
    }
  }
}
