import ConnectorModel
import Testing

@testable import Egress
@testable import Manifest

@Suite struct ResponseClassifierTests {
  private func verdict(
    _ status: Int, _ body: String = "", rules: [ErrorRule] = [], headers: [HeaderField] = []
  ) -> ResponseClassifier.Verdict {
    ResponseClassifier(platform: "Sample", rules: rules, fields: .sample)
      .verdict(status: status, headers: headers, body: Array(body.utf8))
  }

  private let title = JSONPath(steps: [.member("title")])

  @Test(arguments: [
    (200, OutcomeCode.ok), (204, .ok), (304, .ok), (301, .upstream), (400, .invalidInput),
    (401, .unauthenticated),
    (403, .permission), (404, .notFound), (409, .conflict), (422, .invalidInput), (429, .rateLimited),
    (500, .upstream), (502, .upstream), (503, .upstream), (599, .upstream),
  ])
  func statusesWithoutARuleHaveTheirClass(_ status: Int, _ outcome: OutcomeCode) {
    #expect(verdict(status).outcome == outcome)
    #expect(!verdict(status).isByRule)
  }

  @Test func theFirstMatchingRuleWins() {
    let rules = [
      ErrorRule(status: 400, body: [(title, .string("Member Exists"))], then: .conflict),
      ErrorRule(
        status: 400, body: [(title, .string("Member Exists")), (title, .string("x"))], then: .policy),
      ErrorRule(status: nil, body: [(title, .integer(190))], then: .unauthenticated),
      ErrorRule(status: 400, body: [], then: .policy),
    ]
    #expect(verdict(400, #"{"title":"Member Exists"}"#, rules: rules).outcome == .conflict)
    #expect(verdict(400, #"{"title":"Other"}"#, rules: rules).outcome == .policy)
    #expect(verdict(500, #"{"title":190}"#, rules: rules).outcome == .unauthenticated)
    #expect(verdict(500, #"{"title":"190"}"#, rules: rules).outcome == .upstream)
    #expect(verdict(200, #"{"title":190}"#, rules: rules).outcome == .ok)
  }

  @Test func anAnswerWithoutABodyCanHaveItsOwnMeaning() {
    let rules = [
      ErrorRule(status: 403, needsEmptyBody: true, then: .rateLimited),
      ErrorRule(status: 403, body: [(title, .string("x"))], then: .policy),
    ]
    #expect(verdict(403, rules: rules).outcome == .rateLimited)
    #expect(verdict(403, rules: rules).isByRule)
    #expect(verdict(403, #"{"title":"x"}"#, rules: rules).outcome == .policy)
    for body in ["{}", "null", " ", "<html></html>"] {
      #expect(verdict(403, body, rules: rules).outcome == .permission, "\(body)")
    }
    // An answer to HEAD has none, and what was withheld had one.
    let unknown = ResponseClassifier(platform: "Sample", rules: rules, fields: .sample)
      .verdict(status: 403, headers: [], body: [], isBodyKnown: false)
    #expect(unknown.outcome == .permission)
  }

  @Test func aSuccessCanBeAFailureByRule() {
    let rules = [ErrorRule(status: 200, body: [(title, .string("invalid_token"))], then: .unauthenticated)]
    #expect(verdict(200, #"{"title":"invalid_token"}"#, rules: rules).outcome == .unauthenticated)
    #expect(verdict(200, #"{"title":"fine"}"#, rules: rules).outcome == .ok)
  }

  @Test(arguments: [
    "", "null", "<html><body>502 Bad Gateway</body></html>", #"{"detail":"cut of"#, "[]", "\"x\"",
  ])
  func bodiesThatAreNoErrorObjectFallBackToTheStatus(_ body: String) {
    let rules = [ErrorRule(status: 502, body: [(title, .string("x"))], then: .policy)]
    let seen = verdict(502, body, rules: rules)
    #expect(seen.outcome == .upstream)
    #expect(seen.message == "Sample answered 502")
    #expect(seen.platformCode == "")
  }

  @Test func thePlatformsWordsCodeAndRequestIDAreTold() {
    let seen = verdict(
      422, #"{"detail":"Bad\nline","code":1.5,"secret":"s"}"#, headers: [HeaderField("x-request-id", "r-1")])
    #expect(seen.message == "Sample answered 422: Bad line")
    #expect(seen.platformCode == "1.5")
    #expect(seen.requestID == "r-1")
    #expect(verdict(200, headers: [HeaderField("x-request-id", "r-2")]).requestID == "r-2")
  }

  @Test func longWordsAreCut() {
    let seen = verdict(400, #"{"detail":"\#(String(repeating: "x", count: 5000))"}"#)
    #expect(seen.message.count <= 300 + "Sample answered 400: ".count)
    #expect(seen.message.hasSuffix("…"))
  }
}
