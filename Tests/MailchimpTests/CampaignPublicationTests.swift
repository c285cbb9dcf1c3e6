import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Publishing when every request is answered.
@Suite struct CampaignPublicationTests {
  typealias Script = CampaignTranscripts

  private func publish(_ input: String, _ transcript: [Transcript.Exchange]) throws -> ConnectorRun {
    try Script.test().run("campaign.publish", input: input, Transcript(transcript))
  }

  @Test func campaignIsCreatedFilledCheckedAndSent() throws {
    let create = Script.create.checking { request in
      #expect(
        request.bodyJSON
          == .object([
            "type": .string("regular"), "recipients": .object(["list_id": .string("a1")]),
            "settings": .object([
              "subject_line": .string("Hello"), "title": .string("Hello [pb-cd75315a553e]"),
              "from_name": .string("Ann"), "reply_to": .string("ann@example.com"),
            ]),
          ]))
    }
    let content = Script.content.checking {
      #expect($0.bodyJSON == .object(["html": .string("<p>Hi</p>")]))
    }
    let send = Script.send.checking { #expect($0.body == nil) }
    let run = try publish(Script.input, [create, content, Script.checklist, send, Script.read("sending")])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func titleAndPreviewTextAreSetWhenGiven() throws {
    let create = Script.create.checking { request in
      let settings = request.bodyJSON["settings"]
      #expect(settings?["title"]?.text == "July \(Script.marker)")
      #expect(settings?["preview_text"]?.text == "News")
    }
    let run = try publish(
      Script.input(#""title":"July","previewText":"News""#),
      [create, Script.content, Script.checklist, Script.send, Script.read("sent")])
    #expect(try run.output() == Script.output("sent"))
  }

  @Test func longTitleIsCutAndTheMarkerIsNot() {
    let title = CampaignMarker(origin: "order-7").title(String(repeating: "ä", count: 300))
    #expect(title.count == 100)
    #expect(title.hasSuffix("ä \(Script.marker)"))
  }

  @Test func plainTextMakesAPlaintextCampaign() throws {
    let input = Script.input.replacing(#""html":"<p>Hi</p>""#, with: #""plainText":"Hi""#)
    let run = try publish(
      input,
      [
        Script.create.checking { #expect($0.bodyJSON["type"]?.text == "plaintext") },
        Script.content.checking { #expect($0.bodyJSON == .object(["plain_text": .string("Hi")])) },
        Script.checklist, Script.send, Script.read("sent"),
      ])
    #expect(run.error == nil)
  }

  @Test func plainTextBesideHTMLIsItsAlternative() throws {
    let both = JSONValue.object(["html": .string("<p>Hi</p>"), "plain_text": .string("Hi")])
    let run = try publish(
      Script.input(#""plainText":"Hi""#),
      [
        Script.create.checking { #expect($0.bodyJSON["type"]?.text == "regular") },
        Script.content.checking { #expect($0.bodyJSON == both) },
        Script.checklist, Script.send, Script.read("sent"),
      ])
    #expect(run.error == nil)
  }

  @Test func contentIsNeeded() throws {
    let run = try publish(Script.input.replacing(#""html":"<p>Hi</p>","#, with: ""), [])
    #expect(run.error?.pointer == "/html")
  }

  @Test func templateIsFilledBySections() throws {
    let input = Script.input.replacing(
      #""html":"<p>Hi</p>""#, with: #""templateId":42,"sections":{"body":"Hi"}"#)
    let template = JSONValue.object(["id": .integer(42), "sections": .object(["body": .string("Hi")])])
    let run = try publish(
      input,
      [
        Script.create,
        Script.content.checking { #expect($0.bodyJSON == .object(["template": template])) },
        Script.checklist, Script.send, Script.read("sent"),
      ])
    #expect(run.error == nil)
  }

  @Test func draftStopsAfterTheChecklist() throws {
    let run = try publish(
      Script.input(#""send":"draft""#),
      [Script.create, Script.content, Script.checklist, Script.read("save")])
    #expect(try run.output() == Script.output("save"))
  }

  @Test func statusThatLagsBehindTheOrderIsReportedAsOrdered() throws {
    let run = try publish(
      Script.input, [Script.create, Script.content, Script.checklist, Script.send, Script.read("save")])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func campaignThatCannotBeReadAfterSendingIsStillASuccess() throws {
    let run = try publish(
      Script.input,
      [
        Script.create, Script.content, Script.checklist, Script.send,
        .http("GET", "/campaigns/c1", status: 401),
      ])
    #expect(try run.output() == Script.output("sending"))
    #expect(run.logLines.count == 1)
  }

  @Test func checklistErrorsLeaveADraftAndNameIt() throws {
    let run = try publish(
      Script.input,
      [
        Script.create, Script.content,
        .http(
          "GET", "/campaigns/c1/send-checklist",
          json: #"""
            {"is_ready":false,"items":[
              {"type":"error","id":301,"heading":"Subject","details":"Enter a subject."},
              {"type":"warning","heading":"Preview","details":"None set."},
              {"type":"error","heading":"Audience","details":"It is empty."}]}
            """#),
      ])
    let error = try #require(run.error)
    #expect(error.code == .policy && error.retry == .no)
    #expect(
      error.message == "the send checklist is not clear: Subject; Audience; the campaign is c1")
    #expect(error.userMessage.hasSuffix("Subject: Enter a subject. Audience: It is empty."))
    let detail = try StableJSON.decode(JSONValue.self, from: error.detail)
    #expect(detail["campaignId"]?.text == "c1")
    #expect(detail["checklist"]?.elements?.count == 2)
  }

  @Test func checklistThatIsNotReadyIsEnough() throws {
    let run = try publish(
      Script.input,
      [
        Script.create, Script.content,
        .http("GET", "/campaigns/c1/send-checklist", json: #"{"is_ready":false,"items":[]}"#),
      ])
    #expect(run.error?.code == .policy)
  }

  @Test func refusalAfterCreatingNamesTheDraft() throws {
    let run = try publish(
      Script.input,
      [
        Script.create,
        .http("PUT", "/campaigns/c1/content", status: 400, json: #"{"title":"Invalid Resource"}"#),
      ])
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.message.hasSuffix("; the campaign is c1") == true)
    #expect(run.error?.detail == Array(#"{"campaignId":"c1"}"#.utf8))
  }

  @Test(arguments: [
    (#""plainText":"Hi","templateId":42"#, "/html"), (#""templateId":42"#, "/html"),
    (#""sections":{"a":"b"}"#, "/sections"),
    (#""send":"draft","scheduleAt":"2026-01-02T09:15:00Z""#, "/scheduleAt"),
    (#""send":"later""#, "/send"),
  ])
  func contradictionIsRefusedBeforeAnythingIsSent(more: String, pointer: String) throws {
    let run = try publish(Script.input(more), [])
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.pointer == pointer)
  }

  @Test(arguments: ["", "../lists", "a/b", "a?b", "ä", String(repeating: "a", count: 65)])
  func idThatWouldChangeThePathIsRefused(id: String) throws {
    let run = try Script.test().run("audience.read", input: #"{"audience":"\#(id)"}"#)
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.pointer == "/audience")
  }
}
