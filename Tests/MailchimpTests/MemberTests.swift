import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct MemberTests {
  /// The member of Mailchimp's own documentation.
  private static let url = "/lists/a1/members/62eeb292278cc15f5817cb78f7790b08"

  private func upsert(_ more: String, _ answer: Transcript.Exchange) throws -> ConnectorRun {
    try ConnectorTest(Mailchimp.self).run(
      "member.upsert", input: #"{"audience":"a1","email":"Urist.McVankab@freddiesjokes.com"\#(more)}"#,
      [answer])
  }

  private static func answer(
    check: @escaping @Sendable (HTTPRequest) throws -> Void = { _ in }
  ) -> Transcript.Exchange {
    .http(
      "PUT", url, auth: "default",
      json: #"""
        {"id":"62eeb292278cc15f5817cb78f7790b08","email_address":"Urist.McVankab@freddiesjokes.com",
         "status":"subscribed","merge_fields":{}}
        """#, check: check)
  }

  @Test func memberIsPutUnderTheDigestOfTheLowercasedAddress() throws {
    let run = try upsert(
      #","status":"subscribed","mergeFields":{"FNAME":"Urist","AGE":7},"tags":["new"],"language":"en","vip":true"#,
      Self.answer { request in
        let body = request.bodyJSON
        #expect(
          body
            == .object([
              "email_address": .string("Urist.McVankab@freddiesjokes.com"), "status": .string("subscribed"),
              "status_if_new": .string("subscribed"), "tags": .array([.string("new")]),
              "merge_fields": .object(["FNAME": .string("Urist"), "AGE": .integer(7)]),
              "language": .string("en"), "vip": .bool(true),
            ]))
      })
    let output: JSONValue = try run.output()
    #expect(output["memberId"] == "62eeb292278cc15f5817cb78f7790b08")
    #expect(output["email"] == "Urist.McVankab@freddiesjokes.com")
    #expect(output["status"] == "subscribed")
  }

  @Test func nobodyIsSubscribedWithoutBeingTold() throws {
    let run = try upsert(
      #","statusIfNew":"pending""#,
      Self.answer { request in
        let body = request.bodyJSON
        #expect(
          body
            == .object([
              "email_address": .string("Urist.McVankab@freddiesjokes.com"),
              "status_if_new": .string("pending"),
            ]))
      })
    #expect(run.error == nil)
  }

  @Test(arguments: ["Forgotten Email Not Subscribed", "Member In Compliance State"])
  func addressThatMayNotComeBackIsRefusedForGood(title: String) throws {
    let run = try upsert(
      "",
      .http(
        "PUT", Self.url, status: 400,
        json: #"{"title":"\#(title)","status":400,"detail":"urist.mcvankab@freddiesjokes.com was deleted."}"#)
    )
    let error = try #require(run.error)
    #expect(error.code == .policy && error.retry == .no)
    #expect(error.platformCode == title)
    #expect(error.pointer == "/email")
    #expect(error.userMessage.contains("only its owner"))
    #expect(!error.message.contains("freddiesjokes"))
  }

  @Test func unknownStatusIsTheInputsFault() throws {
    let run = try ConnectorTest(Mailchimp.self).run(
      "member.upsert", input: #"{"audience":"a1","email":"a@b.c","status":"happy"}"#)
    #expect(run.error?.pointer == "/status")
  }
}
