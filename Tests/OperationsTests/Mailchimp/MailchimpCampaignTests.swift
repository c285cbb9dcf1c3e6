import ConnectorModel
import Ports
import Testing

@testable import Operations

/// The campaign's life and its reports against the sandbox.
@Suite(.timeLimit(.minutes(10))) struct MailchimpCampaignTests {
  private static let threads = TurnThreads(count: 2)
  private static let draft: JSONValue = [
    "audience": .string(MailchimpSession.audience), "subject": "News", "fromName": "Ada",
    "replyTo": "ada@example.com",
  ]
  private static let html = "<p>Hi *|FNAME|* <a href='https://example.com'>x</a> *|UNSUB|*</p>"

  var session: MailchimpSession
  init() throws { session = try MailchimpSession(threads: Self.threads) }

  private mutating func filledDraft(_ order: String = "order-7") async throws -> JSONValue {
    let made = try await session.run("campaign.create", Self.draft, order: order)
    let campaign: JSONValue = ["campaignId": made["campaignId"] ?? .null]
    let content = try await session.run(
      "campaign.content.update", campaign.adding(["html": .string(Self.html)]))
    #expect(content["html"] == .string(Self.html))
    return campaign
  }

  @Test mutating func draftIsMadeOnceFilledTestedAndCopied() async throws {
    let campaign = try await filledDraft()
    let again = try await session.run("campaign.create", Self.draft, isLater: true)
    #expect(again["campaignId"] == campaign["campaignId"] && again["reconciled"] == true)
    let changed = try await session.run("campaign.update", campaign.adding(["subject": "Old news"]))
    #expect(changed["subject"] == "Old news" && changed["fromName"] == "Ada")
    #expect(try await session.run("campaign.checklist", campaign)["isReady"] == true)
    #expect(try await session.run("campaign.content", campaign)["plainText"]?.text?.hasPrefix("Hi") == true)
    let test = campaign.adding(["emails": ["me@example.com"], "sendType": "html"])
    #expect(try await session.run("campaign.test", test) == ["done": true])
    let copy = try await session.run("campaign.replicate", campaign)
    #expect(
      copy["campaignId"] != campaign["campaignId"] && copy["title"]?.text?.hasSuffix("(copy 01)") == true)
    #expect(try await session.run("campaign.list", ["status": "save"])["total"] == 2)
    session.key = "sandboxfree-us19"
    let refused = try await session.failure("campaign.test", test)
    #expect(refused.code == .permission && refused.platformCode == "Authorization Failure")
  }

  @Test mutating func scheduleIsSetKeptTakenBackAndRemoved() async throws {
    let campaign = try await filledDraft()
    let time = campaign.adding(["scheduleAt": "2026-01-02T09:15:00Z"])
    #expect(try await session.run("campaign.schedule", time)["status"] == "schedule")
    #expect(try await session.run("campaign.schedule", time)["reconciled"] == true)
    let other = try await session.failure(
      "campaign.schedule", campaign.adding(["scheduleAt": "2026-01-02T10:15:00Z"]))
    #expect(other.code == .invalidState)
    #expect(try await session.run("campaign.unschedule", campaign)["status"] == "save")
    #expect(try await session.run("campaign.unschedule", campaign)["reconciled"] == true)
    _ = try await session.run("campaign.schedule", time)
    #expect(try await session.run("campaign.delete", campaign) == ["deleted": true, "found": true])
    #expect(try await session.run("campaign.delete", campaign) == ["deleted": true, "found": false])
  }

  @Test mutating func sendingIsStoppedAndCannotBeTakenBack() async throws {
    let campaign = try await filledDraft()
    _ = try await session.run("campaign.send", campaign)
    #expect(try await session.failure("campaign.unschedule", campaign).code == .invalidState)
    let sending = try await filledDraft("order-8")
    _ = try await session.run("campaign.send", sending)
    // Sent within two seconds, of which one has passed.
    let canceled = try await session.run("campaign.cancel", sending)
    #expect(["canceling", "canceled"].contains(canceled["status"]?.text))
    #expect(try await session.run("campaign.cancel", sending)["reconciled"] == true)
    session.wait(seconds: 10)
    #expect(
      try await session.failure("campaign.update", campaign.adding(["subject": "x"])).code == .invalidState)
    let resent = try await session.run("campaign.resend", campaign.adding(["shortcutType": "to_non_openers"]))
    #expect(resent["parentId"] == campaign["campaignId"])
  }

  @Test mutating func feedIsStartedPausedAndResumed() async throws {
    let made = try await session.run(
      "campaign.publish",
      Self.draft.adding([
        "html": .string(Self.html), "rss": ["feedUrl": "https://example.com/f", "frequency": "daily"],
      ]))
    #expect(made["status"] == "sending")
    let campaign: JSONValue = ["campaignId": made["campaignId"] ?? .null]
    #expect(try await session.run("campaign.pause", campaign)["status"] == "paused")
    #expect(try await session.run("campaign.pause", campaign)["reconciled"] == true)
    #expect(try await session.failure("campaign.send", campaign).code == .invalidState)
    #expect(try await session.run("campaign.resume", campaign)["status"] == "sending")
  }

  @Test mutating func otherKindsAreSentToo() async throws {
    let variate: JSONValue = [
      "winnerCriteria": "opens", "waitTime": 60, "testSize": 50, "subjectLines": ["A", "B"],
    ]
    let made = try await session.run(
      "campaign.publish",
      Self.draft.adding(["variate": variate, "contents": [["label": "a", "html": .string(Self.html)]]]))
    #expect(made["status"]?.text?.hasPrefix("sen") == true)
    let plain = try await session.run(
      "campaign.publish", Self.draft.adding(["plainText": "Hi *|UNSUB|*"]), order: "order-8")
    let read = try await session.run("campaign.read", ["campaignId": plain["campaignId"] ?? .null])
    #expect(read["type"] == "plaintext")
  }

  private mutating func sync(_ window: JSONValue) async throws -> (records: [JSONValue], cursor: JSONValue) {
    let report = try await session.report("campaign.reports", window, kind: .sync)
    guard case .succeeded(.json(let end)) = report.outcome else { throw try #require(report.error) }
    let records = try report.records.filter { $0.stream == "record" }.map {
      try StableJSON.decode(JSONValue.self, from: $0.payload.inlineBytes ?? [])
    }
    return (records, try StableJSON.decode(JSONValue.self, from: end)["cursor"] ?? .null)
  }

  @Test mutating func reportsComeAsAStreamAndLateDataAgain() async throws {
    let campaign = try await filledDraft()
    _ = try await session.run("campaign.send", campaign)
    session.wait(seconds: 10)
    let first = try await sync([:])
    #expect(first.records.map { $0["kind"] } == ["post", "account", "account"])
    let early = try #require(first.records.first)
    #expect(early["subject"] == campaign["campaignId"] && early["metrics"]?["sent"] == 3)
    session.wait(seconds: 5 * 86_400)
    let second = try await sync(["cursor": first.cursor])
    let late = try #require(second.records.first)
    #expect(late["id"] == early["id"] && late["metrics"] != early["metrics"])
    session.wait(seconds: 30 * 86_400)
    let third = try await sync(["cursor": second.cursor])
    #expect(
      third.records.first?["id"] == early["id"], "nothing newer was sent, so the week before it is looked at")
    #expect(try await session.run("report.read", campaign)["metrics"]?["sent"] == 3)
    #expect(try await session.run("report.list", [:])["total"] == 1)
    let parts = [
      "abuse-reports", "advice", "click-details", "domain-performance", "eepurl", "email-activity",
      "locations",
      "open-details", "sent-to", "sub-reports", "unsubscribed",
    ]
    for part in parts {
      let page = try await session.run("report.part", campaign.adding(["part": .string(part)]))
      #expect(page["items"]?.elements != nil, "\(part)")
    }
  }

  @Test(arguments: [
    ("sandboxviewer-us19", OutcomeCode.permission, "Forbidden"),
    ("sandboxdisabled-us19", .unauthenticated, "User Disabled"),
    ("nobody-us19", .unauthenticated, "API Key Invalid"),
  ])
  mutating func userThatMayNotIsToldWhy(key: String, code: OutcomeCode, title: String) async throws {
    session.key = key
    let error = try await session.failure("campaign.create", Self.draft)
    #expect(error.code == code && error.platformCode == title && !error.requestID.isEmpty)
    #expect(!error.userMessage.isEmpty)
  }
}
