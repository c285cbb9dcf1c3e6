import ConnectorModel
import Foundation
import TestTools
import Testing

@testable import Conformance

/// What a sandbox recorded becomes transcripts.
@Suite(.offThePool) struct TranscriptRecordingTests {
  private let recorded: JSONValue = [
    "dropped": 0,
    "exchanges": [
      [
        "method": "GET", "url": "https://us19.api.mailchimp.com/3.0/ping?a=b", "status": 200,
        "contentType": "application/json", "json": ["health_status": "Everything's Chimpy!"],
      ],
      ["method": "POST", "url": "https://us19.api.mailchimp.com/3.0/lists", "cut": true, "body": ["a": 1]],
      ["method": "GET", "url": "https://example.org/", "status": 200],
    ],
  ]
  private let manifests = Mutant.checkout.appending(path: "manifests").path

  @Test func clientsAreToldApartByEndpoints() throws {
    let scratch = ScratchDirectory()
    let written = try TranscriptRecording(recorded).writeOfClients(to: scratch.path, manifests: manifests)
    #expect(written == [scratch.file("mailchimp/client.json")])
    let transcript = try Transcript.read(file: written[0])
    #expect(transcript.isOfClient && transcript.variables == ["dc": "us19"])
    #expect(transcript.exchanges.map(\.url) == ["/ping?a=b", "/lists"])
    #expect(transcript.exchanges.map(\.fault) == [nil, .cut])
    #expect(transcript.exchanges[1].body == ["a": 1])
  }

  @Test func fullLogIsNoTranscript() throws {
    let subject = Subject(manifestPath: manifests + "/mailchimp.yaml", plugins: [])
    let operation = TranscriptRecording.Operation(
      action: "ping", input: Array("{}".utf8), code: "ok", result: nil, now: 1)
    #expect(throws: TranscriptFault.self) {
      try TranscriptRecording(["dropped": 1, "exchanges": []]).write(operation, of: subject, to: "/nowhere/x")
    }
  }

  @Test(arguments: [
    ("https://a.example.com/v1/x?y=1", "https://a.example.com/v1", "/x?y=1"),
    ("https://a.example.com/v1", "https://a.example.com/v1/", "/"),
    ("https://a.example.com?y", "https://a.example.com", "/?y"),
  ])
  func restIsBelowTheBase(url: String, base: String, rest: String) {
    #expect(BaseMatch(of: url, under: base)?.rest == rest)
  }

  @Test(arguments: [
    "https://a.example.com/v12", "https://b.example.com/v1/x", "https://a.example.com",
    "http://a.example.com/v1",
  ])
  func anotherPlaceIsNotBelowTheBase(url: String) {
    #expect(BaseMatch(of: url, under: "https://a.example.com/v1") == nil)
  }
}
