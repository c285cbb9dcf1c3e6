import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Campaigns of the kinds besides the regular one.
@Suite struct CampaignKindTests {
  typealias Script = CampaignTranscripts

  private static let sender = #""audience":"a1","fromName":"Ann","replyTo":"ann@example.com""#
  private static let variate =
    #""variate":{"winnerCriteria":"opens","waitTime":60,"subjectLines":["A","B"]},"contents":[{"label":"a","html":"x"}]"#
  private static let rss =
    #""subject":"S","html":"x","rss":{"feedUrl":"https://example.com/f","frequency":"daily"}"#

  private func publish(_ input: String, _ transcript: [Transcript.Exchange] = []) throws -> ConnectorRun {
    try Script.test().run("campaign.publish", input: "{\(Self.sender),\(input)}", Transcript(transcript))
  }

  @Test func testOfSubjectsNeedsNoSubject() throws {
    let run = try publish(
      Self.variate,
      [
        Script.create.checking { request in
          #expect(request.bodyJSON["type"] == "variate")
          #expect(
            request.bodyJSON["variate_settings"]
              == ["winner_criteria": "opens", "wait_time": 60, "subject_lines": ["A", "B"]])
        },
        Script.content.checking {
          #expect($0.bodyJSON == ["variate_contents": [["content_label": "a", "html": "x"]]])
        }, Script.checklist, Script.send, Script.read("sending"),
      ])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func feedIsStarted() throws {
    let run = try publish(
      Self.rss,
      [
        Script.create.checking { request in
          #expect(request.bodyJSON["type"] == "rss")
          #expect(
            request.bodyJSON["rss_opts"] == ["feed_url": "https://example.com/f", "frequency": "daily"])
        }, Script.content, Script.checklist, Script.send, Script.read("sending"),
      ])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test(arguments: [
    (#""subject":"S","url":"https://example.com""#, #"{"url":"https://example.com"}"#),
    (
      #""subject":"S","archive":{"content":"UEsDBA==","type":"zip"}"#,
      #"{"archive":{"archive_content":"UEsDBA==","archive_type":"zip"}}"#
    ),
  ])
  func contentComesFromElsewhereToo(input: String, body: String) throws {
    let wanted = try StableJSON.decode(JSONValue.self, from: Array(body.utf8))
    let run = try publish(
      input,
      [
        Script.create, Script.content.checking { #expect($0.bodyJSON == wanted) }, Script.checklist,
        Script.send,
        Script.read("sending"),
      ])
    #expect(run.error == nil)
  }

  @Test(arguments: [
    (#""subject":"S","html":"x","type":"rss""#, "/rss"),
    (#""subject":"S","html":"x","type":"variate""#, "/variate"),
    (#""type":"regular",\#(rss)"#, "/rss"), (#""html":"x""#, "/subject"),
    (#""subject":"S","html":"x","url":"https://example.com""#, "/html"),
    (#""subject":"S","html":"x","type":"absplit""#, "/type"),
    (#""subject":"S","html":"x","rss":{"frequency":"daily"}"#, "/rss/feedUrl"),
  ])
  func contradictionIsRefusedBeforeAnythingIsSent(input: String, pointer: String) throws {
    let error = try publish(input).error
    #expect(error?.code == .invalidInput && error?.pointer == pointer)
  }

  @Test func feedThatSomebodyPausedIsNotStartedAgain() throws {
    let paused = Transcript.Exchange.http(
      "GET", "/campaigns/c1", json: #"{"id":"c1","type":"rss","status":"paused"}"#)
    let run = try Script.test().run("campaign.send", input: #"{"campaignId":"c1"}"#, [paused])
    #expect(run.error?.code == .invalidState)
  }

  @Test func draftIsMadeOnceAndFoundByItsTitle() throws {
    let input = "{\(Self.sender),\"subject\":\"Hello\"}"
    let made = try Script.test().run("campaign.create", input: input, [Script.create])
    #expect(try made.output() == Script.output("save"))
    let later = try Script.test(isLater: true).run(
      "campaign.create", input: input,
      [Script.listing(["Hello \(Script.marker)"], since: Script.weekAgo), Script.read("save")])
    #expect(try later.output() == Script.output("save", reconciled: true))
    let adopted = try Script.test().run(
      "campaign.create", input: input, [Script.cutCreate, Script.listing(["Hello \(Script.marker)"])])
    #expect((try adopted.output() as Campaign.Output).reconciled)
  }
}
