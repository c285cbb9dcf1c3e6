import ConnectorModel
import Jobs
import Ports
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServicePublishTests {
  private static let hour = Duration.seconds(3600)

  @Test func publishedCampaignIsOnThePlatformOnceAndTellsItsWay() async throws {
    try await ServiceBench.with { bench in
      let job = try await bench.publish(on: try await bench.connect())
      let detail = try await bench.job(job.id, after: "job.published")
      #expect(detail.job.state == .published)
      #expect(detail.job.attempts == 1)
      #expect(detail.job.result != nil)
      #expect(try bench.sends == 1)
      let attempt = try #require(detail.attempts.first)
      #expect(detail.attempts.count == 1)
      #expect(attempt.result == .published)
      #expect(attempt.requests >= 3)
      #expect(attempt.times.network > 0)
      #expect(attempt.times.connector > 0)
      #expect(attempt.times.journal > 0)
      #expect(!attempt.wasReplayed)
      let posts = try await bench.service.posts(page: PageRequest(), by: bench.owner).elements
      #expect(posts.map(\.job) == [job.id])
      #expect(try await bench.service.post(posts[0].id, by: bench.owner).externalID == posts[0].externalID)
      #expect(try await bench.service.queueDepth(by: bench.owner)[.published] == 1)
    }
  }

  @Test func sameKeyIsTheSameJobAndAnotherBodyAConflict() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let order = bench.order(connection)
      let first = try await bench.service.publish(order, by: bench.owner)
      #expect(first.isNew)
      try await bench.job(first.job.id, after: "job.published")
      let again = try await bench.service.publish(order, by: bench.owner)
      #expect(!again.isNew)
      #expect(again.job.id == first.job.id)
      var other = order
      other.payload = Self.changed("subject", to: "Another subject")
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.publish(other, by: bench.owner)
      }
      #expect(error?.code == .idempotencyConflict)
      #expect(error?.message.contains(first.job.id) == true)
      #expect(try bench.sends == 1)
    }
  }

  @Test func unfitPayloadIsRefusedWithThePlaceInIt() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      var order = bench.order(connection)
      for (payload, pointer): (JSONValue, String) in [
        (Self.changed("audience", to: 5), "/payload/audience"),
        (Self.changed("action", to: "account.read"), "/payload/action"),
        (Self.changed("action", to: "nothing"), "/payload/action"),
        (Self.changed("action", to: 5), "/payload/action"), ([], "/payload"),
      ] {
        order.payload = payload
        let error = await #expect(throws: ServiceError.self) {
          try await bench.service.publish(order, by: bench.owner)
        }
        #expect(error?.code == .invalidInput, "\(payload)")
        #expect(error?.pointer == pointer)
      }
      #expect(try await bench.service.queueDepth(by: bench.owner).values.reduce(0, +) == 0)
    }
  }

  @Test func scheduledJobWaitsForItsTime() async throws {
    let clock = VirtualClock()
    try await ServiceBench.with(clock: clock) { bench in
      let (connection, other) = (try await bench.connect(), try await bench.connect())
      let job = try await bench.publish(on: connection, at: Self.hour.after(clock.unixNanoseconds))
      #expect(job.state == .scheduled)
      clock.advance(by: Self.hour - .seconds(60))
      // This one shows that the queue was looked at just before the time.
      let now = try await bench.publish(on: other)
      try await bench.job(now.id, after: "job.published")
      #expect(try await bench.service.job(job.id, by: bench.owner).job.state == .scheduled)
      clock.advance(by: .seconds(61))
      bench.service.dispatcher.wake()
      let done = try await bench.job(job.id, after: "job.published").job
      #expect(try #require(done.finishedAt) >= (try #require(done.scheduledFor)))
      #expect(try bench.sends == 2)
    }
  }

  @Test func cancelledJobIsNeverSent() async throws {
    let clock = VirtualClock()
    try await ServiceBench.with(clock: clock) { bench in
      let connection = try await bench.connect()
      let job = try await bench.publish(on: connection, at: Self.hour.after(clock.unixNanoseconds))
      #expect(try await bench.service.cancelJob(job.id, by: bench.owner).state == .cancelled)
      clock.advance(by: Self.hour * 2)
      let next = try await bench.publish(on: connection, key: "letter-2")
      try await bench.job(next.id, after: "job.published")
      #expect(try await bench.service.job(job.id, by: bench.owner).job.state == .cancelled)
      #expect(try bench.sends == 1)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.cancelJob(next.id, by: bench.owner)
      }
      #expect(error?.code == .conflict)
    }
  }

  @Test func jobThatRunsIsStoppedAndNothingIsSentAfterwards() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"PUT","path":"/3.0/campaigns/*/content","do":{"delayMs":600000}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("PUT", "/content")
      #expect(try await bench.service.cancelJob(job.id, by: bench.owner).state == .processing)
      // A write was under way, and the host cannot tell a draft from a letter: it never says that nothing happened.
      let ended = try await bench.job(job.id, after: "job.unknown").job
      #expect(ended.state == .unknown)
      #expect(try bench.sends == 0)
      let next = try await bench.publish(on: connection, key: "letter-2")
      try await bench.job(next.id, after: "job.published")
      #expect(try bench.sends == 1)
    }
  }

  @Test func jobHeldForAWeekExpires() async throws {
    let clock = VirtualClock()
    try await ServiceBench.with(clock: clock) { bench in
      let (connection, other) = (try await bench.connect(), try await bench.connect())
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: true, by: bench.owner)
      let job = try await bench.publish(on: connection)
      clock.advance(by: Self.hour * 24 * 7 + .seconds(60))
      // This one shows that the queue was looked at since.
      let now = try await bench.publish(on: other)
      try await bench.job(now.id, after: "job.published")
      #expect(try await bench.service.job(job.id, by: bench.owner).job.state == .dead)
      let letters = try await bench.service.deadLetters(page: PageRequest(), by: bench.owner).elements
      #expect(letters.map(\.reason) == [.expired])
      #expect(letters.map(\.job.id) == [job.id])
    }
  }

  @Test func tenantWithTooMuchWaitingIsToldToComeBack() async throws {
    try await ServiceBench.with(capacity: 1) { bench in
      let connection = try await bench.connect()
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: true, by: bench.owner)
      _ = try await bench.publish(on: connection)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.publish(on: connection, key: "letter-2")
      }
      #expect(error?.code == .overloaded)
      #expect(error?.retryAfter != nil)
    }
  }

  static func changed(_ member: String, to value: JSONValue) -> JSONValue {
    guard case .object(var members) = ServiceBench.campaign else { return .null }
    members[member] = value
    return .object(members)
  }
}
