import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct CampaignTransitionTests {
  typealias Script = CampaignTranscripts

  private func run(_ action: String, _ transcript: [Transcript.Exchange], more: String = "") throws
    -> ConnectorRun
  {
    try Script.test().run(action, input: #"{"campaignId":"c1"\#(more)}"#, Transcript(transcript))
  }
  private func order(_ word: String, status: Int = 204, title: String? = nil) -> Transcript.Exchange {
    .http(
      "POST", "/campaigns/c1/actions/\(word)", status: status,
      json: title.map { #"{"title":"\#($0)"}"# } ?? "")
  }

  private static let moves = [
    ("campaign.unschedule", "unschedule", "save"), ("campaign.cancel", "cancel-send", "canceled"),
    ("campaign.pause", "pause", "paused"), ("campaign.resume", "resume", "sending"),
  ]

  @Test(arguments: moves) func moveIsOrderedAndRead(action: String, word: String, end: String) throws {
    #expect(try run(action, [order(word), Script.read(end)]).output() == Script.output(end))
  }

  @Test(arguments: moves) func endThatIsReachedAlreadyIsASuccess(action: String, word: String, end: String)
    throws
  {
    for (status, title) in [(400, "Invalid Action"), (400, "Bad Request"), (405, "Method Not Allowed")] {
      let run = try run(action, [order(word, status: status, title: title), Script.read(end)])
      #expect(try run.output() == Script.output(end, reconciled: true))
    }
  }

  @Test(arguments: moves) func otherStatesAreInvalid(action: String, word: String, end: String) throws {
    for (status, title) in [(400, "Invalid Action"), (405, "Method Not Allowed")] {
      let error = try run(action, [order(word, status: status, title: title), Script.read("sent")]).error
      #expect(error?.code == .invalidState && error?.platformCode == title)
    }
  }

  @Test(arguments: moves) func unknownMoveIsLookedUpAndOrderedOnceMore(
    action: String, word: String, end: String
  ) throws {
    let cut = Transcript.Exchange.cut("POST", "/campaigns/c1/actions/\(word)")
    #expect(try run(action, [cut, Script.read(end)]).output() == Script.output(end, reconciled: true))
    #expect(
      try run(action, [cut, Script.read("schedule"), order(word), Script.read(end)]).output()
        == Script.output(end))
    let error = try run(action, [cut, Script.read("schedule"), cut, Script.read("schedule")]).error
    #expect(error?.code == .unknownOutcome)
  }

  private let at = #","scheduleAt":"2026-01-01T09:15:00Z""#
  private let scheduled = Script.read("schedule", sendTime: "2026-01-01T09:15:00+00:00")

  @Test func draftIsScheduledWhenItsChecklistIsClear() throws {
    let run = try run(
      "campaign.schedule",
      [
        Script.read("save"), Script.checklist,
        order("schedule").checking {
          #expect($0.bodyJSON == ["schedule_time": "2026-01-01T09:15:00Z", "timewarp": true])
        }, scheduled,
      ], more: at + #","timewarp":true"#)
    #expect(try run.output() == Script.output("schedule", scheduledFor: "2026-01-01T09:15:00+00:00"))
  }

  @Test func scheduledForThatTimeIsASuccessAndForAnotherIsNot() throws {
    let same = try run("campaign.schedule", [scheduled], more: at)
    #expect(
      try same.output()
        == Script.output("schedule", scheduledFor: "2026-01-01T09:15:00+00:00", reconciled: true))
    let other = try run(
      "campaign.schedule", [Script.read("schedule", sendTime: "2026-01-01T10:15:00+00:00")], more: at)
    #expect(other.error?.code == .invalidState && other.error?.userMessage.contains("Unschedule") == true)
  }

  @Test(arguments: [#","scheduleAt":"2026-01-01T09:10:00Z""#, ""]) func otherTimesAreRefused(more: String)
    throws
  {
    let error = try run("campaign.schedule", [], more: more).error
    #expect(error?.code == .invalidInput && error?.pointer == "/scheduleAt")
  }

  @Test func removalUnschedulesFirstAndFindsWhatIsGone() throws {
    let delete = Transcript.Exchange.http("DELETE", "/campaigns/c1", status: 204)
    let gone = Transcript.Exchange.http("GET", "/campaigns/c1", status: 404)
    let deleted: JSONValue = ["deleted": true, "found": true]
    #expect(try run("campaign.delete", [Script.read("save"), delete]).output() == deleted)
    let unscheduled = try run(
      "campaign.delete", [scheduled, order("unschedule"), Script.read("save"), delete])
    #expect(try unscheduled.output() == deleted)
    #expect(try run("campaign.delete", [gone]).output() == deleted.adding("found", false))
    let sending = Transcript.Exchange.http(
      "DELETE", "/campaigns/c1", status: 405, json: #"{"title":"Method Not Allowed"}"#)
    #expect(try run("campaign.delete", [Script.read("sending"), sending]).error?.code == .invalidState)
  }

  @Test func memberThatIsThereIsAConflictUnlessAnEarlierAttemptAddedIt() throws {
    let refusal = Transcript.Exchange.http(
      "POST", "/lists/a1/members", status: 400, json: #"{"title":"Member Exists"}"#)
    let input = #"{"audience":"a1","email":"a@b.c","status":"subscribed"}"#
    #expect(try Script.test().run("member.add", input: input, [refusal]).error?.code == .conflict)
    let member = Transcript.Exchange.http(
      "GET", "/lists/a1/members/5d60d4e28066df254d5452f92c910092",
      json: #"{"id":"1","email_address":"a@b.c","status":"subscribed"}"#)
    let gone = Transcript.Exchange.http("GET", member.url, status: 404)
    let archived = Transcript.Exchange.http(
      "GET", member.url, json: #"{"id":"1","email_address":"a@b.c","status":"archived"}"#)
    let added = Transcript.Exchange.http(
      "POST", "/lists/a1/members", json: #"{"id":"1","email_address":"a@b.c","status":"subscribed"}"#)
    func isReconciled(_ transcript: Transcript) throws -> JSONValue? {
      let later = try Script.test(isLater: true).run("member.add", input: input, transcript)
      return (try later.output() as JSONValue)["reconciled"]
    }
    #expect(try isReconciled([member]) == true)
    #expect(try isReconciled([gone, refusal, member]) == true)
    #expect(try isReconciled([gone, added]) == false)
    #expect(try isReconciled([archived, added]) == false)
  }
}
