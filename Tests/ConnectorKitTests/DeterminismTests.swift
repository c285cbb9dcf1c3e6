import ConnectorKit
import ConnectorTesting
import Testing

/// Hashing is seeded per process, so what depends on it differs between two processes: each test asks two.
@Suite struct DeterminismTests {
  private static func account(of action: String, _ transcript: Transcript) throws -> String {
    try ConnectorTest(Sketch.self).run(action, transcript).account
  }

  @Test func oneTranscriptGivesTheSameBytesInTwoProcesses() async throws {
    let first = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print(try Self.account(of: "unsorted", [.http("POST", "/keys")]))
      print(
        try Self.account(
          of: "group",
          [
            .http("GET", "/one", json: #"{"text":"1"}"#), .http("GET", "/two", json: #"{"text":"2"}"#),
            .http("GET", "/three", json: #"{"text":"3"}"#),
          ]))
    }
    let second = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print(try Self.account(of: "unsorted", [.http("POST", "/keys")]))
      print(
        try Self.account(
          of: "group",
          [
            .http("GET", "/one", json: #"{"text":"1"}"#), .http("GET", "/two", json: #"{"text":"2"}"#),
            .http("GET", "/three", json: #"{"text":"3"}"#),
          ]))
    }
    let bytes = try #require(first?.standardOutputContent)
    #expect(String(decoding: bytes, as: UTF8.self).contains("POST /keys"))
    #expect(bytes == second?.standardOutputContent)
  }
}
