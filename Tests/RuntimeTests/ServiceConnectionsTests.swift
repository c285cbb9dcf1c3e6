import ConnectorModel
import Ports
import Sandbox
import Secrets
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceConnectionsTests {
  @Test func connectionKnowsWhoseAccountItIs() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      #expect(connection.state == .healthy)
      #expect(connection.accountID?.isEmpty == false)
      #expect(connection.accountName?.isEmpty == false)
      #expect(connection.variables["dc"] == "us19")
      #expect(try await bench.service.connection(connection.id, by: bench.owner) == connection)
      let trail = try await bench.service.auditEntries(page: PageRequest(), by: bench.owner).elements
      #expect(trail.contains { $0.event == "connection.added" && $0.subject == connection.id })
    }
  }

  @Test func rejectedKeyLeavesNothingBehind() async throws {
    try await ServiceBench.with { bench in
      let error = await #expect(throws: ServiceError.self) { try await bench.connect("rejectedcanary-us19") }
      #expect(error?.code == .rejectedByPlatform)
      let kept = try await bench.service.connections(connector: nil, page: PageRequest(), by: bench.owner)
      #expect(kept.elements.isEmpty)
      #expect(!bench.logs.text.contains("rejectedcanary"))
    }
  }

  @Test func platformThatDoesNotAnswerIsNoVerdictOnTheKey() async throws {
    try await ServiceBench.with { bench in
      await bench.sandbox.stop()
      let error = await #expect(throws: ServiceError.self) { try await bench.connect() }
      #expect(error?.code == .platformUnavailable)
      #expect(error?.retryAfter != nil)
    }
  }

  @Test func unknownConnectorAndUnfitSecretAreRefused() async throws {
    try await ServiceBench.with { bench in
      let unknown = await #expect(throws: ServiceError.self) {
        try await bench.service.connect(
          ConnectOrder(connector: "myspace", secret: .init("key"), kind: .apiKey), by: bench.owner)
      }
      #expect(unknown?.code == .notFound)
    }
  }

  @Test func pausedConnectionHoldsItsJobsUntilItGoesOn() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: true, by: bench.owner)
      let held = try await bench.publish(on: connection)
      // Another connection's job shows that the queue was looked at meanwhile.
      let other = try await bench.publish(on: try await bench.connect())
      try await bench.job(other.id, after: "job.published")
      #expect(try await bench.service.job(held.id, by: bench.owner).job.state == .held)
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: false, by: bench.owner)
      #expect(try await bench.job(held.id, after: "job.published").job.state == .published)
      #expect(try bench.sends == 2)
    }
  }

  @Test func pausedConnectorTakesNoJobOfAnyTenant() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let paused = try await bench.service.setPause(
        ofConnector: "mailchimp", isPaused: true, by: bench.owner)
      #expect(paused.state == .paused)
      let job = try await bench.publish(on: connection)
      let now = bench.service.clock.unixNanoseconds
      let claimed = try await bench.service.store.claim(10, worker: "test", leaseUntil: now + 1, now: now)
      #expect(claimed.isEmpty)
      #expect(try await bench.service.job(job.id, by: bench.owner).job.state == .pending)
      let resumed = try await bench.service.setPause(
        ofConnector: "mailchimp", isPaused: false, by: bench.owner)
      #expect(resumed.state == .ready)
      try await bench.job(job.id, after: "job.published")
    }
  }

  @Test func refusedKeyHoldsTheJobUntilTheAccountAnswersAgain() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"path":"/3.0/**","times":null,"do":{"status":401,"body":"{}"}}"#)
      let job = try await bench.publish(on: connection)
      let held = try await bench.job(job.id, after: "job.held").job
      #expect(held.state == .held)
      #expect(held.error?.code == "unauthenticated")
      let troubled = try await bench.service.connection(connection.id, by: bench.owner)
      #expect(troubled.state == .attention)
      #expect(!troubled.reason.isEmpty)
      let still = try await bench.service.refresh(connection.id, by: bench.owner)
      #expect(still.state == .attention)

      bench.sandbox.removeFaults()
      let healed = try await bench.service.refresh(connection.id, by: bench.owner)
      #expect(healed.state == .healthy)
      #expect(healed.reason.isEmpty)
      try await bench.job(job.id, after: "job.published")
      #expect(try bench.sends == 1)
    }
  }

  @Test func platformAtFaultDoesNotMoveAConnectionToAttention() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      await bench.sandbox.stop()
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.refresh(connection.id, by: bench.owner)
      }
      #expect(error?.code == .platformUnavailable)
      #expect(try await bench.service.connection(connection.id, by: bench.owner).state == .healthy)
    }
  }

  @Test func removedConnectionTakesItsWaitingJobsAlong() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: true, by: bench.owner)
      let job = try await bench.publish(on: connection)
      try await bench.service.removeConnection(connection.id, by: bench.owner)
      #expect(try await bench.service.job(job.id, by: bench.owner).job.state == .cancelled)
      #expect(try await bench.service.store.secret(connection: connection.id, field: "default") == nil)
      let error = await #expect(throws: ServiceError.self) {
        try await bench.publish(on: connection, key: "letter-2")
      }
      #expect(error?.code == .notFound)
      // What was accepted is still answered for.
      #expect(try await bench.publish(on: connection).id == job.id)
    }
  }
}
