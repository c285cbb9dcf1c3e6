import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Publishing when the outcome of a request is unknown, in the same attempt or an earlier one.
@Suite struct CampaignReconciliationTests {
  typealias Script = CampaignTranscripts

  private let found = Script.listing(["Hello \(Script.marker)"])
  private let absent = Script.listing([
    "Other [pb-000000000000]", "Hello", "Hello \(Script.marker) (copy 01)",
  ])
  private let rest = [Script.content, Script.checklist, Script.send, Script.read("sending")]

  private func publish(
    isLater: Bool = false, _ transcript: [Transcript.Exchange]
  ) throws -> ConnectorRun {
    try Script.test(isLater: isLater).run(
      "campaign.publish", input: Script.input, Transcript(transcript))
  }

  // MARK: Creating

  @Test func unknownCreationThatIsListedIsAdopted() throws {
    let run = try publish([Script.cutCreate, found] + rest)
    #expect(try run.output() == Script.output("sending", reconciled: true))
    #expect(run.effects.filter(\.isCreation).count == 1)
  }

  @Test func unknownCreationThatIsListedLateIsAdopted() throws {
    let run = try publish([Script.cutCreate, absent, found] + rest)
    #expect(run.error == nil)
    #expect(run.effects.contains(.timer(.seconds(2))))
    #expect(run.effects.filter(\.isCreation).count == 1)
  }

  @Test func unknownCreationThatIsNotListedIsRepeatedOnce() throws {
    let run = try publish([Script.cutCreate, absent, absent, Script.create] + rest)
    #expect(run.error == nil)
    #expect(run.effects.filter(\.isCreation).count == 2)
  }

  @Test func creationThatIsUnknownTwiceStaysUnknown() throws {
    let run = try publish([Script.cutCreate, absent, absent, Script.cutCreate, absent, absent])
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.error?.retry == .unknownOutcome)
  }

  @Test func failedListingProvesNoAbsence() throws {
    let run = try publish([
      Script.cutCreate, .http("GET", Script.listingURL(), status: 429),
    ])
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.effects.filter(\.isCreation).count == 1)
  }

  @Test func listingIsReadToItsEnd() throws {
    let others = Array(repeating: "Other", count: 1_000)
    let first = Transcript.Exchange.http(
      "GET", Script.listingURL(),
      json: #"{"campaigns":[\#(others.map { _ in #"{"id":"o1","status":"sent"}"# }.joined(separator: ","))],"#
        + #""total_items":1001}"#)
    let second = Transcript.Exchange.http(
      "GET", Script.listingURL(offset: 1_000),
      json:
        #"{"campaigns":[{"id":"c1","status":"save","settings":{"title":"\#(Script.marker)"}}],"total_items":1001}"#
    )
    #expect(try publish([Script.cutCreate, first, second] + rest).error == nil)
  }

  @Test func listingWithoutEndProvesNoAbsence() throws {
    let others = Array(repeating: #"{"id":"o1","status":"sent"}"#, count: 1_000).joined(separator: ",")
    let pages = (0..<10).map { page in
      Transcript.Exchange.http(
        "GET", Script.listingURL(offset: page * 1_000),
        json: #"{"campaigns":[\#(others)],"total_items":99999}"#)
    }
    let run = try publish([Script.cutCreate] + pages)
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.effects.filter(\.isCreation).count == 1)
  }

  @Test func unreadableAnswerToACreationIsLookedUp() throws {
    let run = try publish([.http("POST", "/campaigns", json: #"{"id":"#), found] + rest)
    #expect(run.error == nil)
    #expect(run.effects.filter(\.isCreation).count == 1)
  }

  @Test func ofSeveralMarkedCampaignsTheDepartedOneIsAdopted() throws {
    let listing = Transcript.Exchange.http(
      "GET", Script.listingURL(since: Script.weekAgo),
      json: #"""
        {"campaigns":[{"id":"c3","status":"save","settings":{"title":"\#(Script.marker)"}},
          {"id":"c1","status":"sent","settings":{"title":"\#(Script.marker)"}},
          {"id":"c2","status":"save","settings":{"title":"\#(Script.marker)"}}],"total_items":3}
        """#)
    let run = try publish(isLater: true, [listing, Script.read("sent")])
    #expect(try run.output() == Script.output("sent", reconciled: true))
  }

  // MARK: Filling and sending

  @Test func unknownContentIsPutAgain() throws {
    let run = try publish([Script.create, Script.cutContent] + rest)
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func contentThatIsUnknownTwiceStaysUnknownAndNothingIsSent() throws {
    let run = try publish([Script.create, Script.cutContent, Script.cutContent])
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.error?.message.hasSuffix("; the campaign is c1") == true)
  }

  @Test(arguments: ["sending", "sent", "schedule"])
  func unknownSendThatTookEffectIsReconciled(status: String) throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read(status),
      Script.read(status),
    ])
    #expect(try run.output() == Script.output(status, reconciled: true))
    #expect(run.effects.filter(\.isSend).count == 1)
  }

  @Test func unknownSendThatShowsLateIsReconciled() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("save"),
      Script.read("sending"),
      Script.read("sending"),
    ])
    #expect(try run.output() == Script.output("sending", reconciled: true))
    #expect(run.effects.filter(\.isSend).count == 1)
  }

  @Test func unknownSendThatDidNotTakeEffectIsOrderedOnceMore() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("save"),
      Script.read("save"),
      Script.send, Script.read("sending"),
    ])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test(arguments: [#"<html>busy</html>"#, "null", "{}"])
  func successThatIsNotTheActionsOwnIsLookedAt(body: String) throws {
    let odd = Transcript.Exchange.http("POST", "/campaigns/c1/actions/send", status: 200, json: body)
    let run = try publish([
      Script.create, Script.content, Script.checklist, odd, Script.read("save"), Script.read("save"),
      Script.send,
      Script.read("sending"),
    ])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func sendThatIsUnknownTwiceStaysUnknown() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("save"),
      Script.read("save"),
      Script.cutSend, Script.read("save"), Script.read("save"),
    ])
    #expect(run.error?.code == .unknownOutcome)
  }

  @Test func unknownSendOfACampaignThatCannotBeReadIsNotRepeated() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend,
      .http("GET", "/campaigns/c1", status: 401),
    ])
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.effects.filter(\.isSend).count == 1)
  }

  @Test func unknownSendOfACampaignThatSomebodyStoppedIsNotRepeated() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("canceled"),
    ])
    #expect(run.error?.code == .unknownOutcome)
  }

  @Test func refusalOfASecondSendMeansThatTheFirstArrived() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("save"),
      Script.read("save"),
      .http("POST", "/campaigns/c1/actions/send", status: 400, json: #"{"title":"Bad Request"}"#),
      Script.read("sending"), Script.read("sending"),
    ])
    #expect(try run.output() == Script.output("sending", reconciled: true))
  }

  @Test func refusalOfASecondSendDoesNotSettleTheFirst() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist, Script.cutSend, Script.read("save"),
      Script.read("save"),
      .http("POST", "/campaigns/c1/actions/send", status: 400, json: #"{"title":"Bad Request"}"#),
      Script.read("save"), Script.read("save"),
    ])
    #expect(run.error?.code == .unknownOutcome)
  }

  @Test func refusalOfASendThatDidNotHappenIsTheOutcome() throws {
    let run = try publish([
      Script.create, Script.content, Script.checklist,
      .http(
        "POST", "/campaigns/c1/actions/send", status: 400,
        json: #"{"title":"Bad Request","detail":"Your Campaign is not ready to send."}"#),
      Script.read("save"),
    ])
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.message.contains("not ready to send") == true)
  }

  @Test func cancelledPublishingNamesTheCampaignAndAsksForNothingMore() throws {
    var test = Script.test()
    test.cancelBeforeTurn = 2
    let run = try test.run(
      "campaign.publish", input: Script.input, [Script.create, Script.content, Script.checklist, Script.send])
    #expect(run.error?.code == .cancelled)
    #expect(run.error?.message.hasSuffix("; the campaign is c1") == true)
    #expect(run.effects.count == 2)
  }

  // MARK: Later attempts

  private func earlier(_ titles: [String] = ["Hello \(Script.marker)"]) -> Transcript.Exchange {
    Script.listing(titles, since: Script.weekAgo)
  }

  @Test func laterAttemptThatFindsNothingStartsAfresh() throws {
    let run = try publish(isLater: true, [earlier([]), earlier([]), Script.create] + rest)
    #expect(try run.output() == Script.output("sending"))
  }

  @Test func laterAttemptContinuesWithADraft() throws {
    let run = try publish(isLater: true, [earlier(), Script.read("save")] + rest)
    #expect(try run.output() == Script.output("sending", reconciled: true))
    #expect(run.effects.filter(\.isCreation).isEmpty)
  }

  @Test(arguments: ["sending", "sent"])
  func laterAttemptFindsACampaignThatWasSent(status: String) throws {
    let run = try publish(isLater: true, [earlier(), Script.read(status)])
    #expect(try run.output() == Script.output(status, reconciled: true))
  }

  @Test func laterAttemptTakesARefusalForAnOrderThatShowsLate() throws {
    let refused = Transcript.Exchange.http("PUT", "/campaigns/c1/content", status: 400)
    let run = try publish(
      isLater: true,
      [
        earlier(), Script.read("save"), refused, Script.read("save"), Script.read("sending"),
        Script.read("sending"),
      ])
    #expect(try run.output() == Script.output("sending", reconciled: true))
  }

  @Test func laterAttemptReportsARefusalOfADraft() throws {
    let refused = Transcript.Exchange.http("PUT", "/campaigns/c1/content", status: 400)
    let run = try publish(
      isLater: true, [earlier(), Script.read("save"), refused, Script.read("save"), Script.read("save")])
    #expect(run.error?.code == .invalidInput)
  }

  @Test(arguments: ["canceled", "canceling", "archived", "somethingNew"])
  func laterAttemptDoesNotSendWhatSomebodyStopped(status: String) throws {
    let run = try publish(isLater: true, [earlier(), Script.read(status)])
    #expect(run.error?.code == .invalidState)
    #expect(run.effects.filter(\.isSend).isEmpty)
  }

  @Test func laterAttemptThatCannotLookWritesNothing() throws {
    let run = try publish(
      isLater: true, [.http("GET", Script.listingURL(since: Script.weekAgo), status: 429)])
    #expect(run.error?.code == .rateLimited)
  }

  @Test func laterAttemptWithoutAKeyWritesNothing() throws {
    var test = Script.test(isLater: true)
    test.idempotencyKey = ""
    let run = try test.run("campaign.publish", input: Script.input)
    #expect(run.error?.code == .unknownOutcome)
  }
}

extension Effect {
  var isCreation: Bool { isRequest("POST", "/campaigns") }
  var isSend: Bool { isRequest("POST", "/campaigns/c1/actions/send") }

  private func isRequest(_ method: String, _ url: String) -> Bool {
    guard case .http(let request) = self else { return false }
    return request.method == method && request.url == url
  }
}
