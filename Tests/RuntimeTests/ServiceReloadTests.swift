import FoundationEssentials
import Ports
import TestTools
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceReloadTests {
  private func status(_ bench: ServiceBench, _ id: String = "mailchimp") async throws -> ConnectorStatus {
    try await bench.service.connector(id)
  }

  @Test func changedManifestIsTaken() async throws {
    try await ServiceBench.with { bench in
      #expect(try await status(bench).generation == 1)
      try bench.editManifest("subject: 150", "subject: 140")
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.generation == 2)
      #expect(now.state == .ready)
      #expect("\(await bench.service.capabilities())".contains("140"))
      let job = try await bench.publish(on: try await bench.connect())
      try await bench.job(job.id, after: "job.published")
    }
  }

  @Test func unchangedManifestIsLeftAlone() async throws {
    try await ServiceBench.with { bench in
      try await bench.service.reload()
      #expect(try await status(bench).generation == 1)
    }
  }

  @Test func brokenManifestKeepsTheOldOneRunningAndSaysWhy() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.editManifest("manifest: 1", "manifest: one")
      for round in 1...2 {
        try await bench.service.reload()
        let now = try await status(bench)
        #expect(now.state == .stale)
        #expect(now.reason.contains("mailchimp.yaml"), "\(now.reason)")
        #expect(now.generation == 1)
        let job = try await bench.publish(on: connection, key: "letter-\(round)")
        try await bench.job(job.id, after: "job.published")
      }
      try await bench.logs.wait(for: "connector.refused", of: "mailchimp")
      try bench.editManifest("manifest: one", "manifest: 1")
      try await bench.service.reload()
      #expect(try await status(bench).state == .ready)
    }
  }

  @Test func newLibraryIsTakenWithoutARestart() async throws {
    try await ServiceBench.with { bench in
      let before = try await status(bench)
      try bench.replaceLibrary()
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.state == .ready, "\(now.reason)")
      #expect(now.sha256 != before.sha256)
      #expect(now.generation == 2)
      let job = try await bench.publish(on: try await bench.connect())
      try await bench.job(job.id, after: "job.published")
    }
  }

  @Test func libraryThatIsNoneKeepsTheOldOneRunning() async throws {
    try await ServiceBench.with { bench in
      let library = URL(filePath: bench.plugins + "/libMailchimpConnector.so")
      try Data("no library".utf8).write(to: library, options: .atomic)
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.state == .stale)
      #expect(!now.reason.isEmpty)
      let job = try await bench.publish(on: try await bench.connect())
      try await bench.job(job.id, after: "job.published")
    }
  }

  @Test func hostThatLoadedEnoughAsksForARestart() async throws {
    try await ServiceBench.with(maximumGenerations: 3) { bench in
      let connection = try await bench.connect()
      for generation in 2...3 {
        try bench.replaceLibrary()
        try await bench.service.reload()
        #expect(try await status(bench).generation == generation)
      }
      try bench.replaceLibrary()
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.state == .stale)
      #expect(now.generation == 3)
      #expect(now.reason.contains("restart the host"), "\(now.reason)")
      let job = try await bench.publish(on: connection)
      try await bench.job(job.id, after: "job.published")
      #expect(
        await bench.service.metricsText().contains("patchbay_connector_generations{platform=\"mailchimp\"} 3")
      )
    }
  }

  @Test func replacedLibraryCountsAsDrainingWhileItWorks() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"PUT","path":"/3.0/campaigns/*/content","do":{"delayMs":4000}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("PUT", "/content")
      try bench.replaceLibrary()
      try await bench.service.reload()
      #expect(try await status(bench).draining == 1)
      try await bench.job(job.id, after: "job.published")
      #expect(try await status(bench).draining == 0)
    }
  }

  @Test func newFileAppearsAndARemovedOneIsGone() async throws {
    try await ServiceBench.with { bench in
      let (file, hidden) = (bench.manifests + "/mailchimp.yaml", bench.manifests + "/mailchimp.txt")
      try FileManager.default.moveItem(atPath: file, toPath: hidden)
      try await bench.service.reload()
      let gone = await #expect(throws: ServiceError.self) { try await status(bench) }
      #expect(gone?.code == .notFound)
      let refused = await #expect(throws: ServiceError.self) { try await bench.connect() }
      #expect(refused?.code == .notFound)
      try FileManager.default.moveItem(atPath: hidden, toPath: file)
      try await bench.service.reload()
      #expect(try await status(bench).state == .ready)
      _ = try await bench.connect()
    }
  }

  /// As it is for a moment while a deployment changes folders.
  @Test func missingFolderKeepsItsConnectorsRunning() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try FileManager.default.moveItem(atPath: bench.manifests, toPath: bench.place.file("away"))
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.state == .stale)
      #expect(now.reason.contains(bench.manifests), "\(now.reason)")
      let job = try await bench.publish(on: connection)
      try await bench.job(job.id, after: "job.published")
      try FileManager.default.moveItem(atPath: bench.place.file("away"), toPath: bench.manifests)
      try await bench.service.reload()
      #expect(try await status(bench).state == .ready)
    }
  }

  @Test func twoManifestsOfOneIDKeepTheOldOneRunning() async throws {
    try await ServiceBench.with { bench in
      try FileManager.default.copyItem(
        atPath: bench.manifests + "/mailchimp.yaml", toPath: bench.manifests + "/another.yaml")
      try await bench.service.reload()
      let now = try await status(bench)
      #expect(now.state == .stale)
      #expect(now.reason.contains("another.yaml"), "\(now.reason)")
      _ = try await bench.connect()
    }
  }

  @Test(arguments: [true, false])
  func callUnderWayIsNotTouched(isRemoved: Bool) async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(#"{"method":"PUT","path":"/3.0/campaigns/*/content","do":{"delayMs":500}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("PUT", "/content")
      if isRemoved {
        try FileManager.default.removeItem(atPath: bench.manifests + "/mailchimp.yaml")
      } else {
        try bench.editManifest("subject: 150", "subject: 140")
      }
      try await bench.service.reload()
      let done = try await bench.job(job.id, after: "job.published")
      #expect(done.attempts.count == 1)
      #expect(done.attempts.first?.wasReplayed == false)
      #expect(try bench.sends == 1)
    }
  }
}
