import ConnectorModel
import Foundation
import Ports
import Secrets
import Testing

@testable import Telemetry

@Suite struct LogRedactionTests {
  private static let chance = "Zk9vR2hKbE1uT3BRclN0VXZXeFl6MDEyMzQ1Njc4OTA"
  private static let hex = "0123456789abcdef0123456789abcdef"

  @Test(arguments: [
    ("Authorization: Bearer abc123def", "Authorization: [hidden]"),
    ("sent Bearer abc123def, got 401", "sent Bearer [hidden], got 401"),
    ("BEARER%20canarytoken", "BEARER%20[hidden]"), ("Basic dXNlcjpwYXNz ok", "Basic [hidden] ok"),
    ("key pb_0a1b2c3d_\(chance) used", "key [hidden] used"),
    ("auth mailchimp:pbh_01h2xcejqtf2nbrexx3vqjhp41", "auth mailchimp:[hidden]"),
    ("key \(hex)-us19 refused", "key [hidden] refused"),
    ("access_token=abc&limit=5", "access_token=[hidden]&limit=5"),
    ("client_secret: hunter2", "client_secret: [hidden]"),
    ("fb_exchange_token=abc", "fb_exchange_token=[hidden]"),
    (#"{"access_token":"a b","id":1}"#, #"{"access_token":"[hidden]","id":1}"#),
    (#"{\"refresh_token\": \"a,b\", \"id\": 1}"#, #"{\"refresh_token\": \"[hidden]\", \"id\": 1}"#),
    (#"{"password":"a\"b"}"#, #"{"password":"[hidden]"}"#),
    ("access_token%3Dabc%26x%3D1", "access_token%3D[hidden]%26x%3D1"),
    ("%22client_secret%22%3A%22abc%22", "%22client_secret%22%3A%22[hidden]%22"),
    ("[password: hunter2, id: 1]", "[password: hunter2, id: 1]"),
    ("password=hunter2 id=1", "password=[hidden] id=1"),
    (#"["token": "hunter2"]"#, #"["token": "[hidden]"]"#),
    (#"{"tokens":["a","b"]}"#, #"{"tokens":[hidden]"#), ("Cookie: a=b; c=d", "Cookie: [hidden]"),
    ("X-Api-Key: short", "X-Api-Key: [hidden]"), ("PATCHBAY_MASTER_KEY=abc", "PATCHBAY_MASTER_KEY=[hidden]"),
    ("jwt eyJhbGciOi.eyJzdWIi.c2ln end", "jwt [hidden] end"),
    ("https://me:pw@host/path", "https://[hidden]@host/path"),
    ("GET https://host/a?b=c&d=e#f 200", "GET https://host/a?[hidden]#f 200"),
    ("GET /a/b?cursor=5 200", "GET /a/b?[hidden] 200"),
    ("found \(chance)", "found [hidden]"), ("found \(hex)", "found [hidden]"),
    ("found \(hex.uppercased())", "found [hidden]"),
    ("b64 aGVs/bG8gd29ybGQsIHRo+aXMgaXMgYSBzZWNyZXQ=", "b64 [hidden]"),
    ("code=AQD1234567890abcdef", "code=[hidden]"),
    (#"a\naccess_token=abc"#, #"a\naccess_token=[hidden]"#), ("", ""),
  ])
  func whatLooksLikeASecretIsHidden(_ text: String, _ shown: String) {
    #expect(LogRedaction().apply(to: text) == shown)
  }

  @Test(arguments: [
    "con_01h2xcejqtf2nbrexx3vqjhp41", "8f14e45f-ceea-467f-a8d1-1c2b3d4e5f60", "job.published",
    "invalid token: it has expired",
    "the connection's secret could not be opened",
    "/srv/patchbay/.build/x86_64-unknown-linux-gnu/debug/libMailchimpConnector.so",
    "accounts/123456789012/locations/987654321098/localPosts/1234567890123",
    "123456789012345_987654321098765",
    "2026-11-26T11:37:27.123Z", "Bearer token missing", "Basic auth is not offered", "status code=401",
    "why? because",
    "ConnectionHealthCheckFailedWithTimeout",
    "connection_health_check_failed_with_timeout",
    "error code: 190", "http://127.0.0.1:4010/3.0/ping",
  ])
  func whatOperatorsNeedIsShown(_ text: String) {
    #expect(LogRedaction().apply(to: text) == text)
  }

  @Test func ourIdsAreShown() {
    for kind in RecordID.Kind.allCases {
      let text = "id \(RecordID.make(kind, now: 1_767_225_600_000_000_000)) end"
      #expect(LogRedaction().apply(to: text) == text)
    }
  }

  @Test func chanceIsHiddenHoweverItFalls() {
    var random = SplitMix64(seed: 11)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let redaction = LogRedaction()
    let shown = (0..<2000).filter { _ in
      let text = String((0..<43).map { _ in alphabet[Int(random.next() % 64)] })
      return redaction.apply(to: "<\(text)>") != "<[hidden]>"
    }
    #expect(shown.count <= 2, "\(shown.count) of 2000 texts by chance are shown (seed 11)")
  }

  /// In every form and in every field, in both formats.
  @Test(
    arguments: EventLog.Format.allCases,
    ["canary/a+b=\"c\"", "hunter2 with spaces!", "ünïcödé-canary", "line\nbreak-canary"])
  func registeredSecretIsHiddenInEveryFieldAndForm(_ format: EventLog.Format, secret: String) async throws {
    let redaction = LogRedaction()
    redaction.register(Secret(secret))
    let json = String(decoding: try StableJSON.encode(secret), as: UTF8.self)
    let base64 = Data(secret.utf8).base64EncodedString()
    let forms = [
      secret, json, secret.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
      secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
      base64, base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""),
      Data("u:\(secret)".utf8).base64EncodedString(), Data("me:\(secret)!".utf8).base64EncodedString(),
      "password=x\(secret)", "Bearer \(secret)", "https://u:\(secret)@host/?q=\(secret)",
    ]
    let sink = await logged(format, redaction: redaction) { log in
      for form in forms {
        let text = "a \(form) z"
        log.write(.info, text)
        log.write(.info, "a.b", text)
        log.write(
          .info, "a.b", "",
          EventLog.Fields(
            tenantID: text, connectionID: text, platform: text, jobID: text, cycleID: text, requestID: text,
            status: text, errorCode: text, externalID: text))
      }
    }
    // The middle of each form: what would stay if any part did.
    let all = sink.texts.joined()
    #expect(sink.texts.count == forms.count * 3)
    for piece in [
      "canary", "hunter2", "with spaces", "break", "n%C3", String(base64.dropFirst(4).prefix(8)), "%61%6e",
      "%61%73",
    ] {
      #expect(!all.contains(piece), "\(piece)")
    }
  }

  /// So short that no shape gives it away.
  @Test(arguments: ["", "u", "u:"], ["", "!", "!!"])
  func base64OfARegisteredSecretIsHiddenWhereverItStands(before: String, after: String) {
    let redaction = LogRedaction()
    redaction.register(Secret("canary-1?>?>"))
    let base64 = Data("\(before)canary-1?>?>\(after)".utf8).base64EncodedString()
    for form in [base64, base64.replacing("+", with: "-").replacing("/", with: "_")] {
      let shown = redaction.apply(to: "x \(form) y")
      // What is left depends on the neighbours too and holds less than two bytes of it.
      #expect(shown.contains("[hidden]"), "\(form)")
      #expect(shown.utf8.count <= "x [hidden] y".utf8.count + 9, "\(shown)")
    }
  }

  @Test func secretAtTheEndOfWhatIsShownIsNotCutInTwo() {
    let redaction = LogRedaction()
    redaction.register(Secret("canary-that-is-long"))
    let text = String(repeating: ". ", count: 50) + "canary-that-is-long and more"
    for limit in 95...125 {
      let shown = redaction.apply(to: text, atMost: limit)
      #expect(!shown.contains("c"), "\(limit)")
      #expect(shown.hasSuffix("…"))
    }
  }

  @Test func longMessageIsCut() async {
    let sink = await logged { log in log.write(.info, "a.b", String(repeating: "word ", count: 1_000_000)) }
    #expect(sink.texts.first.map { $0.utf8.count < 10_000 } == true)
    #expect(sink.objects.first??["message"]?.text?.hasSuffix("…") == true)
  }

  @Test func secretsThatWereRegisteredLastAreKnown() {
    let redaction = LogRedaction()
    let count = LogRedaction.remembered * 3
    for number in 0..<count { redaction.register(Secret("hunter \(number) canary")) }
    for number in [count - 1, count - LogRedaction.remembered] {
      #expect(redaction.apply(to: "hunter \(number) canary") == "[hidden]")
    }
    #expect(redaction.apply(to: "hunter 0 canary") == "hunter 0 canary")
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      "token:\"", "Bearer ", "eyJ.", "://", "?", "a=", "%61", "\\u0061", "password ", "aB1", "a@:", "'\\\"",
      "pb_", "/a",
      "cookie:", "\\", "{", " ",
    ])
  func timeGrowsWithTheLengthOnly(_ piece: String) {
    let redaction = LogRedaction()
    redaction.register(Secret("canary-1"))
    let text = String(repeating: piece, count: (1 << 16) / piece.utf8.count)
    let one = ContinuousClock().measure { _ = redaction.apply(to: text) }
    #expect(one < .seconds(20), "\(one)")
  }
}
