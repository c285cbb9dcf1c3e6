import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// What the platform's refusals mean, whatever the action.
@Suite struct RefusalTests {
  typealias Script = CampaignTranscripts

  private func publish(_ answer: Transcript.Exchange) throws -> OperationError {
    let run = try Script.test().run("campaign.publish", input: Script.input, [answer])
    return try #require(run.error)
  }

  private func refusal(_ status: Int, _ json: String = "") throws -> OperationError {
    try publish(.http("POST", "/campaigns", status: status, json: json))
  }

  @Test func rejectedKeySaysHowToConnectAgain() throws {
    let error = try refusal(
      401, #"{"title":"API Key Invalid","status":401,"detail":"Your API key may be invalid."}"#)
    #expect(error.code == .unauthenticated && error.retry == .no)
    #expect(error.platformCode == "API Key Invalid")
    #expect(error.httpStatus == 401)
    #expect(error.userMessage.contains("create a new API key"))
  }

  @Test(arguments: ["Forbidden", "Authorization Failure"])
  func missingPermissionSaysWhomToAsk(title: String) throws {
    let error = try refusal(403, #"{"title":"\#(title)","status":403}"#)
    #expect(error.code == .permission)
    #expect(error.userMessage.contains("Manager"))
  }

  @Test func bare403IsTheLimiter() throws {
    let error = try publish(.http("POST", "/campaigns", status: 403, outcome: .rateLimited))
    #expect(error.code == .rateLimited && error.retry == .safe)
    #expect(error.userMessage.isEmpty)
  }

  @Test func bare429MayBeRepeated() throws {
    let error = try refusal(429)
    #expect(error.code == .rateLimited && error.retry == .safe)
  }

  @Test func htmlOfTheDeliveryNetworkIsNoProblemDocument() throws {
    var answer = Transcript.Exchange.http("GET", "/ping", status: 502)
    answer.answer.body = .bytes(Array("<html>Bad gateway</html>".utf8), contentType: "text/html")
    let run = try ConnectorTest(Mailchimp.self).run("ping", [answer])
    #expect(run.error?.code == .upstream && run.error?.retry == .safe)
    #expect(run.error?.message == "GET /ping: the platform answered 502")
  }

  @Test(arguments: [
    ("recipients.list_id", "/audience"), ("settings.reply_to", "/replyTo"),
    ("settings.subject_line", "/subject"),
    ("something.new", ""),
  ])
  func rejectedFieldPointsIntoTheInput(field: String, pointer: String) throws {
    let error = try refusal(
      400,
      #"{"title":"Invalid Resource","errors":[{"field":"\#(field)","message":"x@y.z is not good."}]}"#)
    #expect(error.code == .invalidInput)
    #expect(error.pointer == pointer)
    #expect(error.message.hasSuffix(": 400 Invalid Resource · \(field): (address) is not good."))
  }

  @Test func notAllowedMeansTheWrongState() throws {
    #expect(try refusal(405, #"{"title":"Method Not Allowed"}"#).code == .invalidState)
  }

  @Test func disabledUserIsToldSoHoweverTheManifestClassifiesIt() throws {
    let error = try publish(
      .http(
        "POST", "/campaigns", status: 403, json: #"{"title":"User Disabled"}"#, outcome: .unauthenticated))
    #expect(error.code == .unauthenticated)
    #expect(error.userMessage.contains("disabled"))
  }

  @Test func addressThatTheHostReadFromTheBodyStaysOutOfTheMessage() throws {
    var answer = Transcript.Exchange.http(
      "POST", "/campaigns", status: 400, json: #"{"title":"Bad Request","detail":"x@y.z is wrong."}"#)
    answer.answer.message = "x@y.z is wrong."
    #expect(try publish(answer).message == "POST /campaigns: 400 Bad Request · (address) is wrong.")
  }
}
