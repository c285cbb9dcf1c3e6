import ConnectorModel
import Manifest
import Testing

@testable import Egress
@testable import Operations

/// What the manifest alone makes of every error of the platform's glossary.
@Suite struct MailchimpErrorRuleTests {
  private static let threads = TurnThreads(count: 1)

  private func verdict(_ status: Int, _ body: String) throws -> ResponseClassifier.Verdict {
    let manifest = try MailchimpHost(threads: Self.threads).manifest
    return ResponseClassifier(platform: manifest.name, rules: manifest.errors, fields: manifest.errorFields)
      .verdict(status: status, headers: [HeaderField("x-request-id", "req-1")], body: Array(body.utf8))
  }

  @Test(arguments: [
    (400, "Bad Request", OutcomeCode.invalidInput), (400, "Invalid Resource", .invalidInput),
    (400, "JSON Parse Exception", .invalidInput), (400, "Invalid Action", .invalidState),
    (400, "Member Exists", .conflict), (400, "Forgotten Email Not Subscribed", .policy),
    (400, "Member In Compliance State", .policy), (401, "API Key Missing", .unauthenticated),
    (401, "API Key Invalid", .unauthenticated), (403, "Forbidden", .permission),
    (403, "Authorization Failure", .permission), (403, "User Disabled", .unauthenticated),
    (403, "Wrong Datacenter", .unauthenticated), (404, "Resource Not Found", .notFound),
    (405, "Method Not Allowed", .invalidState), (414, "Resource Nesting Too Deep", .invalidInput),
    (422, "Invalid Method Override", .invalidInput), (422, "Requested Fields Invalid", .invalidInput),
    (426, "Upgrade Required", .invalidInput), (429, "Too Many Requests", .rateLimited),
    (500, "InternalServerError", .upstream), (503, "Compliance Related", .policy),
  ])
  func titleHasItsOutcome(status: Int, title: String, outcome: OutcomeCode) throws {
    let verdict = try verdict(status, #"{"type":"x","title":"\#(title)","status":\#(status),"detail":"why"}"#)
    #expect(verdict.outcome == outcome)
    #expect(verdict.platformCode == title && verdict.requestID == "req-1")
  }

  @Test(arguments: [
    (401, "", OutcomeCode.unauthenticated), (429, "", .rateLimited),
    (403, "", .rateLimited), (403, "<html></html>", .permission), (405, "", .invalidState),
    (502, "<html>502 Bad Gateway</html>", .upstream), (200, #"{"error":"invalid_token"}"#, .unauthenticated),
    (200, #"{"errors":[],"error_count":0}"#, .ok), (204, "", .ok),
  ])
  func answerWithoutATitleHasItsOutcome(status: Int, body: String, outcome: OutcomeCode) throws {
    #expect(try verdict(status, body).outcome == outcome)
  }
}
