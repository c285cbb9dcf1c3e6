import ConnectorKit
import ConnectorTesting
import Foundation
import Testing

@testable import MailchimpConnector

/// The transcripts of `patchbay verify` are transcripts for a connector's own tests too.
@Suite struct RecordedOperationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "manifests/transcripts/mailchimp")

  static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".json") && !$0.hasPrefix("health") }.sorted()

  private func read(_ name: String) throws -> RecordedOperation {
    try RecordedOperation([UInt8](Data(contentsOf: Self.folder.appending(path: name))))
  }

  @Test(arguments: names) func transcriptIsReplayedByTheKit(name: String) throws {
    let recorded = try read(name)
    let run = try ConnectorTest(Mailchimp.self).replay(recorded)
    // Whoever asks for something waits for it.
    #expect(run.turns > 1 || recorded.transcript.exchanges.isEmpty)
  }

  @Test func anotherEndIsAMismatch() throws {
    var recorded = try read("ping.json")
    recorded.endCode = "not_found"
    #expect(throws: TranscriptMismatch.self) { try ConnectorTest(Mailchimp.self).replay(recorded) }
  }

  @Test func anotherBodyIsAMismatch() throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: "campaign-publish.json"), encoding: .utf8)
    let changed = text.replacing(
      "\"method\": \"POST\",", with: "\"method\": \"POST\", \"body\": {},", maxReplacements: 1)
    #expect(throws: TranscriptMismatch.self) {
      try ConnectorTest(Mailchimp.self).replay(try RecordedOperation(Array(changed.utf8)))
    }
  }
}
