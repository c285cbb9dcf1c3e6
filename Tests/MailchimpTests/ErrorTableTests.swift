import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Every error of the platform's glossary, as a connector meets it: code, retry, platform code, request id.
@Suite struct ErrorTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var title: String?
    /// What the manifest has the host make of it, where that is not what the status says.
    var outcome: OutcomeCode?
    var code: OutcomeCode
    var retry = OperationError.Retry.no
    var testDescription: String { "\(status) \(title ?? "without a body")" }
  }

  static let rows: [Row] = [
    Row(status: 400, title: "Bad Request", code: .invalidInput),
    Row(status: 400, title: "Invalid Resource", code: .invalidInput),
    Row(status: 400, title: "JSON Parse Exception", code: .invalidInput),
    Row(status: 400, title: "Invalid Action", code: .invalidState),
    Row(status: 400, title: "Member Exists", code: .conflict),
    Row(status: 400, title: "Forgotten Email Not Subscribed", code: .policy),
    Row(status: 400, title: "Member In Compliance State", code: .policy),
    Row(status: 401, title: "API Key Missing", code: .unauthenticated),
    Row(status: 401, title: "API Key Invalid", code: .unauthenticated),
    Row(status: 401, code: .unauthenticated),
    Row(status: 403, title: "Forbidden", code: .permission),
    Row(status: 403, title: "Authorization Failure", code: .permission),
    Row(status: 403, title: "User Disabled", code: .unauthenticated),
    Row(status: 403, title: "Wrong Datacenter", code: .unauthenticated),
    Row(status: 403, outcome: .rateLimited, code: .rateLimited, retry: .safe),
    Row(status: 404, title: "Resource Not Found", code: .notFound),
    Row(status: 405, title: "Method Not Allowed", code: .invalidState),
    Row(status: 414, title: "Resource Nesting Too Deep", code: .invalidInput),
    Row(status: 422, title: "Invalid Method Override", code: .invalidInput),
    Row(status: 422, title: "Requested Fields Invalid", code: .invalidInput),
    Row(status: 426, title: "Upgrade Required", code: .invalidInput),
    Row(status: 429, title: "Too Many Requests", code: .rateLimited, retry: .safe),
    Row(status: 429, code: .rateLimited, retry: .safe),
    Row(status: 500, title: "InternalServerError", code: .upstream, retry: .safe),
    Row(status: 502, code: .upstream, retry: .safe),
    Row(status: 503, title: "Compliance Related", code: .policy),
  ]

  private static func body(_ row: Row) -> String {
    row.title.map { #"{"type":"x","title":"\#($0)","status":\#(row.status),"detail":"d","instance":"i"}"# }
      ?? ""
  }

  @Test(arguments: rows) func answerIsClassified(row: Row) throws {
    var answer = Transcript.Exchange.http(
      "GET", "/campaigns/c1", status: row.status, json: Self.body(row), outcome: row.outcome)
    answer.answer.requestID = "req-1"
    let error = try #require(
      try ConnectorTest(Mailchimp.self).run("campaign.read", input: #"{"campaignId":"c1"}"#, [answer]).error)
    #expect(error.code == row.code && error.retry == row.retry)
    #expect(error.platformCode == row.title ?? "")
    #expect(error.httpStatus == row.status && error.requestID == "req-1")
  }

  /// Inside a batch the same errors come in a 200.
  @Test(arguments: rows) func resultInsideABatchIsClassifiedTheSame(row: Row) throws {
    let operation = try StableJSON.decode(
      BatchOperation.self, from: Array(#"{"id":"a","method":"GET","path":"/campaigns/c1"}"#.utf8))
    let result = BatchResult(status_code: row.status, operation_id: "x-0", response: Self.body(row))
    let output = result.output(0, operation)
    #expect(output.error?.code == row.code.name && output.error?.title == row.title)
    #expect(output.response == nil)
  }

  @Test func afterAnUnknownOutcomeNoTitleSettlesAnything() throws {
    var answer = Transcript.Exchange.http(
      "POST", "/lists/a1/segments", status: 503, json: #"{"title":"Compliance Related"}"#,
      outcome: .unknownOutcome)
    answer.answer.message = "503"
    let error = try ConnectorTest(Mailchimp.self).run(
      "segment.create", input: #"{"audience":"a1","name":"x"}"#, [answer]
    ).error
    #expect(error?.code == .unknownOutcome && error?.retry == .unknownOutcome)
  }
}
