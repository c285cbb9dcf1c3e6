import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct TranscriptLogTests {
  var log = TranscriptLog()
  let request = SandboxRequest(
    method: "GET", host: "us19.api.mailchimp.com", path: "/3.0/ping", queryText: "access_token=hidden&count=1"
  )
  let answer = SandboxResponse.json(
    ["signing_secret": "hidden", "quote": "a\"#b"],
    headers: [NamedText("X-Request-Id", "1"), NamedText("Retry-After", "2")])

  @Test mutating func nothingIsKeptUnlessAsked() {
    log.record(request, response: answer, effect: nil)
    #expect(log.exchanges.isEmpty)
    log.start()
    log.record(request, response: answer, effect: nil)
    log.stop()
    log.record(request, response: answer, effect: nil)
    #expect(log.exchanges.count == 1)
  }

  @Test mutating func secretsAreMasked() {
    log.start()
    log.record(request, response: answer, effect: nil)
    #expect(!String(decoding: log.json.bytes, as: UTF8.self).contains("hidden"))
    #expect(log.exchanges.first?.url == "https://us19.api.mailchimp.com/3.0/ping?access_token=***&count=1")
  }

  @Test(arguments: [
    (FaultEffect.reset(.after), false), (.truncate(afterBodyBytes: 3), false), (.badChunk, false),
    (.delay(milliseconds: 7), true), (.timeout(.after), true),
  ])
  mutating func onlyAWholeAnswerIsOne(effect: FaultEffect, isWhole: Bool) {
    log.start()
    log.record(request, response: answer, effect: effect)
    #expect((log.exchanges.first?.answer != nil) == isWhole)
    #expect(log.exchanges.first?.jsonForm["cut"] == (isWhole ? nil : .bool(true)))
  }

  @Test mutating func sourceIsThatOfATranscript() {
    log.start()
    log.record(request, response: answer, effect: .delay(milliseconds: 7))
    log.record(request, response: nil, effect: .reset(.before))
    let html = SandboxResponse(
      status: 502, headers: [NamedText("Content-Type", "text/html")], body: Array("<html>".utf8))
    log.record(request, response: html, effect: .timeout(.before))
    let url = #""https://us19.api.mailchimp.com/3.0/ping?access_token=***&count=1""#
    let expected = """
      let transcript: Transcript = [
        .http("GET", \(url), status: 200, headers: [HeaderField("Retry-After", "2")], \
      json: ##"{"quote":"a\\"#b","signing_secret":"***"}"##, delay: .milliseconds(7)),
        .cut("GET", \(url)),
        .http("GET", \(url), status: 502 /* 6 bytes of text/html are left out */),
      ]

      """
    #expect(TranscriptSource.swift(log.exchanges) == expected)
  }

  @Test mutating func fullLogCountsWhatItDrops() {
    log.start()
    for _ in 0..<(TranscriptLog.capacity + 3) { log.record(request, response: nil, effect: nil) }
    #expect(log.exchanges.count == TranscriptLog.capacity)
    #expect(log.json["dropped"] == 3)
  }

  @Test func controlEndpointRecordsARun() async throws {
    let sandbox = try await TestSandbox.start()
    func control(_ method: String, _ path: String) throws -> String {
      try SandboxServerTests.exchange(sandbox, method, path, host: "_sandbox").text
    }
    #expect(try control("POST", "/transcript").hasPrefix("HTTP/1.1 204"))
    _ = try SandboxServerTests.exchange(sandbox, "GET", "/3.0/ping")
    #expect(try control("DELETE", "/transcript").hasPrefix("HTTP/1.1 204"))
    #expect(try control("GET", "/transcript").contains(#""url":"https://us19.api.mailchimp.com/3.0/ping""#))
    let source = try control("GET", "/transcript/swift")
    #expect(source.contains(##".http("GET", "https://us19.api.mailchimp.com/3.0/ping", status: 200"##))
    #expect(try control("PUT", "/transcript").hasPrefix("HTTP/1.1 405"))
    await sandbox.stop()
  }
}
