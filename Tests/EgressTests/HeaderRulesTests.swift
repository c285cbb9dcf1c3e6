import ConnectorModel
import Testing

@testable import Egress

@Suite struct HeaderRulesTests {
  private let rules = HeaderRules(taken: ["x-version"])

  @Test(arguments: [
    "Host", "authorization", "AUTHORIZATION", "Proxy-Authorization", "proxy-connection", "Cookie",
    "Content-Length",
    "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect",
    "X-HTTP-Method-Override",
    "Accept-Encoding", "Idempotency-Key", "X-Version", "X-Original-URL", "X-Rewrite-Url", "X-Forwarded-Host",
    "Forwarded",
  ])
  func headersOfTheHostAndTheManifestAreRefused(_ name: String) {
    let error = #expect(throws: EgressError.self) {
      try rules.check([HeaderField(name, "secret-value")], endpoint: "api")
    }
    #expect(error?.outcome == .permission)
    #expect(error?.message.contains("secret-value") == false)
  }

  @Test(arguments: [
    ("X-A\r\nHost", "x"), ("X A", "x"), ("", "x"), ("X:A", "x"), ("Xé", "x"), ("X-A", "a\r\nHost: b"),
    ("X-A", "a\nb"),
    ("X-A", "a\u{0}b"), ("X-A", "a\u{7f}"),
  ])
  func malformedHeadersAreRefused(_ name: String, _ value: String) {
    let error = #expect(throws: EgressError.self) {
      try rules.check([HeaderField(name, value)], endpoint: "api")
    }
    #expect(error?.outcome == .invalidInput)
  }

  @Test func ordinaryHeadersPass() throws {
    try rules.check(
      [
        HeaderField("X-Thing", "a\tb é"), HeaderField("Content-Type", "text/plain"),
        HeaderField("Accept-Encoding", "identity"), HeaderField("Range", "bytes=0-1"),
      ], endpoint: "api")
  }

  @Test func tooManyHeadersAreRefused() {
    let many = (0...100).map { HeaderField("X-\($0)", "v") }
    #expect(throws: EgressError.self) { try rules.check(many, endpoint: "api") }
    let long = [HeaderField("X-A", String(repeating: "v", count: 32 * 1024))]
    #expect(throws: EgressError.self) { try rules.check(long, endpoint: "api") }
  }
}
