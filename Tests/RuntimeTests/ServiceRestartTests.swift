import Foundation
import Ports
import Sandbox
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceRestartTests {
  @Test func secondHostOnOneStateIsRefusedAndNamesTheFirst() async throws {
    try await ServiceBench.with { bench in
      let error = await #expect(throws: RuntimeError.self) {
        try await Service.open(ServiceBench.options(bench.place, bench.sandbox, LogCapture()))
      }
      #expect(error?.description.contains("process id \(getpid());") == true)
    }
  }

  @Test func stopWaitsForWhatIsUnderWay() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"PUT","path":"/3.0/campaigns/*/content","do":{"delayMs":300}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("PUT", "/content")
      await bench.stop(within: .seconds(30))
      #expect(try bench.sends == 1)
      let again = try await bench.reopened()
      #expect(try await again.service.job(job.id, by: again.owner).job.state == .published)
      await again.stop()
    }
  }

  /// The write took effect and nobody was there for its answer.
  @Test(arguments: [
    ("POST", "/3.0/campaigns"), ("PUT", "/content"), ("POST", "/actions/send"),
  ])
  func nextHostGoesOnWithAWriteWhoseAnswerNobodyWaitedFor(method: String, suffix: String) async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let path = suffix.hasPrefix("/3.0") ? suffix : "/3.0/campaigns/*" + suffix
      try bench.inject(#"{"method":"\#(method)","path":"\#(path)","do":{"delayMs":600000}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw(method, suffix)
      await bench.stop(within: .zero)

      let again = try await bench.reopened()
      #expect(try await again.service.makeFirstKey() == nil)
      let done = try await again.job(job.id, after: "job.published")
      #expect(done.attempts.last?.wasReplayed == true, "\(done)")
      #expect(try again.sends == 1)
      let created = again.sandbox.requests().filter { $0.method == "POST" && $0.path == "/3.0/campaigns" }
      #expect(created.count == 1)
      await again.stop()
    }
  }

  /// The library that began the operation is not the one that is served now, and neither is its manifest.
  @Test func nextHostGoesOnWithTheReplacedLibraryThatBeganTheWork() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"PUT","path":"/3.0/campaigns/*/content","do":{"delayMs":600000}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("PUT", "/content")
      await bench.stop(within: .zero)

      try bench.replaceLibrary()
      try bench.editManifest("subject: 150", "subject: 140")
      let again = try await bench.reopened()
      let done = try await again.job(job.id, after: "job.published")
      #expect(done.attempts.last?.wasReplayed == true, "\(done)")
      #expect(try again.sends == 1)
      await again.stop()
    }
  }

  @Test func nextHostKnowsWhatCountsUnderADailyLimit() async throws {
    try await ServiceBench.with { bench in
      try bench.editManifest(
        "    concurrency: {scope", "    daily: {scope: account, rate: 1000/d}\n    concurrency: {scope")
      try bench.editManifest("bucket: [concurrency]", "bucket: [concurrency, daily]")
      try await bench.service.reload()
      func used(_ bench: ServiceBench) async throws -> Int? {
        try await bench.service.limits(connector: "mailchimp", by: bench.owner).limits
          .first { $0.bucket == "daily" }?.used
      }
      let connection = try await bench.connect()
      let job = try await bench.publish(on: connection)
      try await bench.job(job.id, after: "job.published")
      let before = try #require(try await used(bench))
      #expect(before >= 5)
      await bench.stop()
      let again = try await bench.reopened()
      #expect(try await used(again) == before)
      await again.stop()
    }
  }

  @Test func stoppedHostSaysThatItIsNotReady() async throws {
    try await ServiceBench.with { bench in
      #expect(await bench.service.readiness().isReady)
      await bench.stop()
      let readiness = await bench.service.readiness()
      #expect(!readiness.isReady)
      #expect(readiness.checks.contains { $0.name == "accepting" && !$0.isOK && !$0.message.isEmpty })
      let error = await #expect(throws: ServiceError.self) { try await bench.connect() }
      #expect(error != nil)
    }
  }
}
