import ConnectorModel
import Foundation
import Ports
import Testing

@testable import Runtime

/// A platform's key is in the vault, sealed, and nowhere else.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceSecretsTests {
  private static let canary = "sandboxfree-us19"
  private static let forms = [
    canary, Data("anystring:\(canary)".utf8).base64EncodedString(), Data(canary.utf8).base64EncodedString(),
  ]

  private func expectNone(in text: String, _ what: String) {
    for form in Self.forms { #expect(!text.contains(form), "\(what)") }
  }

  @Test func keyIsNowhereButInTheVault() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect(Self.canary)
      let good = try await bench.publish(on: connection)
      _ = try await bench.job(good.id, after: "job.published")
      // A platform that repeats the key in its answers, in a message and in the body of a success.
      try bench.inject(
        """
        {"method":"POST","path":"/3.0/campaigns","do":{"status":400,"body":
         "{\\"title\\":\\"Bad Request\\",\\"detail\\":\\"no \(Self.canary) here\\"}"}}
        """)
      let dead = try await bench.publish(on: connection, key: "dead")
      let detail = try await bench.job(dead.id, after: "job.dead")
      expectNone(in: String(reflecting: detail), "job and attempts")
      let letters = try await bench.service.deadLetters(page: PageRequest(), by: bench.owner)
      expectNone(in: String(reflecting: letters), "dead letters")
      #expect(detail.job.error?.message.contains("no ") == true, "\(detail)")

      try bench.inject(
        """
        {"path":"/3.0/","do":{"status":401,"body":"{\\"title\\":\\"API Key Invalid\\",\\"detail\\":\\"\(Self.canary)\\"}"}}
        """)
      let troubled = try await bench.service.refresh(connection.id, by: bench.owner)
      #expect(troubled.state == .attention)
      expectNone(in: String(reflecting: troubled), "connection")
      let error = await #expect(throws: ServiceError.self) {
        try bench.inject(
          """
          {"path":"/3.0/","do":{"status":401,"body":"{\\"title\\":\\"x\\",\\"detail\\":\\"\(Self.canary)\\"}"}}
          """)
        return try await bench.connect(Self.canary)
      }
      expectNone(in: String(reflecting: error), "error")
      expectNone(in: await bench.service.metricsText(), "metrics")
      let trail = try await bench.service.auditEntries(page: PageRequest(), by: bench.owner)
      expectNone(in: String(reflecting: trail), "audit trail")
      expectNone(in: bench.logs.text, "log")
      #expect(bench.logs.text.contains("egress.answered"))
      try expectNoneInFiles(of: bench)
    }
  }

  @Test func keyIsNotInTheJournalOfAWriteUnderWay() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect(Self.canary)
      try bench.inject(#"{"method":"POST","path":"/3.0/campaigns/*/actions/send","do":{"delayMs":600000}}"#)
      let job = try await bench.publish(on: connection)
      try await bench.untilPlatformSaw("POST", "/actions/send")
      #expect(try await bench.service.store.journalCounts().openIntents == 1)
      try expectNoneInFiles(of: bench)
      // Nor is what is published: the journal is sealed.
      let rows = try await bench.service.store.journal(of: job.id)
      #expect(!rows.isEmpty)
      #expect(!rows.contains { String(decoding: $0.bytes, as: UTF8.self).contains("workshop") })
      await bench.stop(within: .zero)
    }
  }

  /// The store with its write-ahead log, and whatever else the host keeps.
  private func expectNoneInFiles(of bench: ServiceBench) throws {
    let names = try #require(FileManager.default.enumerator(atPath: bench.state)).compactMap { $0 as? String }
    #expect(names.contains("patchbay.sqlite"))
    for name in names where !name.hasSuffix(".so") {
      guard let bytes = FileManager.default.contents(atPath: bench.state + "/" + name) else { continue }
      for form in Self.forms { #expect(bytes.firstRange(of: Data(form.utf8)) == nil, "\(name)") }
    }
  }
}
