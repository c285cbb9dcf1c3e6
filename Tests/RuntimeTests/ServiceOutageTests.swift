import ConnectorModel
import Ports
import Sandbox
import TestTools
import Testing

@testable import Runtime

/// What a host rides out without a job noticing: no network, and a limiter that says no word.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceOutageTests {
  @Test func jobWaitsForTheNetworkAndGoesOnByItself() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let port = bench.sandbox.tlsPort
      await bench.sandbox.stop()
      let job = try await bench.publish(on: connection)
      let waiting = try await bench.job(job.id, after: "job.parked")
      #expect(waiting.job.state == .retrying || waiting.job.state == .pending)
      #expect(waiting.job.note.contains("network"))
      #expect(waiting.job.attempts == 0 && waiting.job.timeouts == 0)

      // The same platform, on the same port; it does not know what the first one was told.
      let revived = try await Sandbox.start(
        SandboxOptions(tlsPort: port, stateDirectory: bench.place.file("sandbox")))
      let done = try await bench.job(job.id, after: "job.published")
      #expect(done.job.state == .published)
      let results = done.attempts.map(\.result)
      #expect(results.last == .published && results.dropLast().allSatisfy { $0 == .parked })
      #expect(results.count >= 2)
      #expect(try revived.state("mailchimp")["sends"]?.elements?.count == 1)
      await revived.stop()
    }
  }

  @Test func bareRefusalUnderLoadIsWaitedOutWithinTheAttempt() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"POST","path":"/3.0/campaigns","do":{"status":403,"body":""}}"#)
      let job = try await bench.publish(on: connection)
      let done = try await bench.job(job.id, after: "job.published")
      #expect(done.attempts.map(\.result) == [.published])
      #expect(try bench.sends == 1)
    }
  }
}
