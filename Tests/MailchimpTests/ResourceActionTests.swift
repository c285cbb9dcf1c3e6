import ConnectorKit
import ConnectorTesting
import FoundationEssentials
import Testing

@testable import MailchimpConnector

/// What all actions of one request share.
@Suite struct ResourceActionTests {
  private func run(
    _ name: String, _ input: String, _ transcript: [Transcript.Exchange] = [], isLater: Bool = false
  ) throws -> ConnectorRun {
    try CampaignTranscripts.test(isLater: isLater).run(name, input: input, Transcript(transcript))
  }

  private static let manifests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "manifests/schemas/mailchimp")

  @Test(arguments: Mailchimp.declared.map(\.name)) func schemaNamesTheFieldsThatAreRead(name: String) throws {
    let action = try #require(Mailchimp.declared.first { $0.name == name })
    let file = Self.manifests.appending(path: "\(name.replacing(".", with: "-")).json")
    let schema = try StableJSON.decode(JSONValue.self, from: [UInt8](try Data(contentsOf: file)))
    guard case .object(let properties)? = schema["properties"] else {
      Issue.record("no properties")
      return
    }
    var expected = Set(action.path.names + (action.query + action.body).map(\.name))
    if case .page = action.result { expected.formUnion(["offset", "count"]) }
    #expect(Set(properties.keys) == expected)
  }

  @Test func pagesAreAskedForByOffsetAndTellTheNext() throws {
    let run = try run(
      "member.list", #"{"audience":"a1","offset":10,"count":2,"status":"subscribed"}"#,
      [
        .http(
          "GET", "/lists/a1/members?status=subscribed&count=2&offset=10",
          json: #"{"members":[{"id":"1","email_address":"a@b.c","status":"subscribed","_links":[]},"#
            + #"{"id":"2","email_address":"d@e.f","status":"subscribed","stats":{"avg_open_rate":0.5}}],"total_items":13}"#
        )
      ])
    let output: JSONValue = try run.output()
    #expect(output["next"] == 12 && output["total"] == 13)
    #expect(
      output["members"]?.elements?.first == ["memberId": "1", "email": "a@b.c", "status": "subscribed"])
  }

  @Test func queriesAreEscaped() throws {
    let run = try run(
      "campaign.list", #"{"sinceSendTime":"2026-01-01T00:00:00Z&x=1 \u00fc"}"#,
      [
        .http(
          "GET", "/campaigns?since_send_time=2026-01-01T00:00:00Z%26x%3D1%20%C3%BC&count=100",
          json: #"{"campaigns":[],"total_items":0}"#)
      ])
    #expect(run.error == nil)
  }

  @Test(arguments: [
    ("segment.update", #"{"audience":"../a1","segmentId":7,"name":"x"}"#, "/audience"),
    ("segment.update", #"{"audience":"a1","segmentId":"7/../8","name":"x"}"#, "/segmentId"),
    ("segment.update", #"{"audience":"a1","segmentId":-1,"name":"x"}"#, "/segmentId"),
    ("segment.update", #"{"audience":"a1","segmentId":7}"#, ""),
    ("segment.create", #"{"audience":"a1"}"#, "/name"),
    ("segment.create", #"{"audience":"a1","name":"\#(String(repeating: "t", count: 101))"}"#, "/name"),
    ("member.read", #"{"audience":"a1","email":"nobody"}"#, "/email"),
    (
      "member.tags.update", #"{"audience":"a1","email":"a@b.c","tags":[{"name":"x","status":"on"}]}"#,
      "/tags/0/status"
    ),
    (
      "member.update",
      #"{"audience":"a1","email":"a@b.c","mergeFields":{"A":"\#(String(repeating: "x", count: 256))"}}"#,
      "/mergeFields/A"
    ),
    (
      "campaign.update", #"{"campaignId":"c1","subject":"\#(String(repeating: "s", count: 151))"}"#,
      "/subject"
    ),
    ("campaign.list", #"{"count":1001}"#, "/count"), ("campaign.list", #"{"offset":-1}"#, "/offset"),
    ("merge-field.create", #"{"audience":"a1","tag":"X","name":"x","type":"colour"}"#, "/type"),
    ("template.create", #"{"name":5,"html":"x"}"#, "/name"),
    ("report.part", #"{"campaignId":"c1","part":"x"}"#, "/part"),
  ])
  func inputThatCannotBeIsPointedAtBeforeAnythingIsSent(action: String, input: String, pointer: String) throws
  {
    let error = try run(action, input).error
    #expect(error?.code == .invalidInput)
    #expect(error?.pointer == pointer)
  }

  @Test func limitsAreInclusive() throws {
    let (name, value) = (String(repeating: "t", count: 100), String(repeating: "x", count: 255))
    let run = try run(
      "member.update", #"{"audience":"a1","email":"a@b.c","mergeFields":{"A":"\#(value)"}}"#,
      [
        .http(
          "PATCH", "/lists/a1/members/5d60d4e28066df254d5452f92c910092",
          json: #"{"id":"1","email_address":"a@b.c","status":"subscribed"}"#)
      ])
    #expect(run.error == nil)
    let made = try self.run(
      "segment.create", #"{"audience":"a1","name":"\#(name)"}"#,
      [.http("POST", "/lists/a1/segments", json: #"{"id":1,"name":"x"}"#)])
    #expect(made.error == nil)
  }

  @Test func removalOfWhatIsGoneIsASuccessAndOfAnUnknownAudienceIsNot() throws {
    let gone = Transcript.Exchange.http("DELETE", "/lists/a1/segments/7", status: 404)
    let input = #"{"audience":"a1","segmentId":7}"#
    let list = "/lists/a1?fields=id"
    let run = try run("segment.delete", input, [gone, .http("GET", list, json: #"{"id":"a1"}"#)])
    #expect(try run.output() == (["deleted": true, "found": false] as JSONValue))
    let error = try self.run("segment.delete", input, [gone, .http("GET", list, status: 404)]).error
    #expect(error?.code == .notFound && error?.pointer == "/audience")
  }

  @Test func creationThatCannotBeReadLeavesItsOutcomeOpen() throws {
    for answer in ["", "[]", #"{"id":{}}"#] {
      let error = try run(
        "merge-field.create", #"{"audience":"a1","tag":"X","name":"x","type":"text"}"#,
        [.http("POST", "/lists/a1/merge-fields", json: answer)]
      ).error
      #expect(error?.code == .unknownOutcome, "\(answer)")
    }
  }

  @Test func laterAttemptTakesNoNamesakeThatIsOlderThanItsOrder() throws {
    var test = CampaignTranscripts.test(isLater: true)
    test.attributes.append(HeaderField("patchbay.ordered", "1767225600"))
    func template(_ id: Int, _ time: String) -> String {
      #"{"id":\#(id),"name":"Letter","date_created":"\#(time)"}"#
    }
    func listing(_ templates: String) -> Transcript.Exchange {
      .http("GET", "/templates?count=1000", json: #"{"templates":[\#(templates)],"total_items":1}"#)
    }
    let input = #"{"name":"Letter","html":"<p>Hi</p>"}"#
    let old = template(1, "2025-12-31T22:59:59+00:00")
    let fresh = try test.run(
      "template.create", input: input,
      [listing(old), .http("POST", "/templates", json: template(3, "2026-01-01T00:00:00+00:00"))])
    #expect((try fresh.output() as JSONValue)["reconciled"] == false)
    let found = try test.run(
      "template.create", input: input, [listing(old + "," + template(2, "2025-12-31T23:30:00+00:00"))])
    #expect((try found.output() as JSONValue)["templateId"] == 2)
  }

  @Test func secretOfAWebhookIsToldByItsHandle() throws {
    let run = try run(
      "webhook.create", #"{"audience":"a1","url":"https://example.com/h","events":{"subscribe":true}}"#,
      [
        .http(
          "POST", "/lists/a1/webhooks",
          json: #"{"id":"w1","url":"https://example.com/h","signing_enabled":true,"signing_secret":"pbh_x"}"#)
      ])
    #expect((try run.output() as JSONValue)["signingSecret"] == "pbh_x")
  }
}
