import ConnectorKit
import ConnectorTesting

@testable import MailchimpConnector

/// The exchanges of which the tests' transcripts are made, for the idempotency key `order-7`.
enum CampaignTranscripts {
  static let input =
    #"{"audience":"a1","fromName":"Ann","html":"<p>Hi</p>","replyTo":"ann@example.com","subject":"Hello"}"#
  /// The first 12 digits of the MD5 of `order-7`, computed elsewhere.
  static let marker = "[pb-cd75315a553e]"

  static func input(_ more: String) -> String { "\(input.dropLast()),\(more)}" }

  /// The connector under test, with the idempotency key; `isLater` for an attempt that must look first.
  static func test(isLater: Bool = false) -> ConnectorTest {
    var test = ConnectorTest(Mailchimp.self)
    test.idempotencyKey = "order-7"
    if isLater { test.attributes = [HeaderField("patchbay.reconcile", "1")] }
    return test
  }

  // MARK: Exchanges

  static let create = Transcript.Exchange.http(
    "POST", "/campaigns", auth: "default",
    json: #"{"id":"c1","web_id":7,"status":"save","archive_url":"http://eepurl.com/x"}"#)
  static let content = Transcript.Exchange.http(
    "PUT", "/campaigns/c1/content", json: #"{"html":"<p>Hi</p>"}"#)
  static let checklist = Transcript.Exchange.http(
    "GET", "/campaigns/c1/send-checklist",
    json: #"{"is_ready":true,"items":[{"type":"success","id":501,"heading":"List","details":"1 recipient"}]}"#
  )
  static let send = Transcript.Exchange.http("POST", "/campaigns/c1/actions/send", status: 204)
  static let schedule = Transcript.Exchange.http(
    "POST", "/campaigns/c1/actions/schedule", status: 204, json: "null")

  static let cutCreate = Transcript.Exchange.cut("POST", "/campaigns")
  static let cutContent = Transcript.Exchange.cut("PUT", "/campaigns/c1/content")
  static let cutSend = Transcript.Exchange.cut("POST", "/campaigns/c1/actions/send")
  static let cutSchedule = Transcript.Exchange.cut("POST", "/campaigns/c1/actions/schedule")
  static let cutRead = Transcript.Exchange.cut("GET", "/campaigns/c1")

  /// The campaign itself, with this status.
  static func read(_ status: String, sendTime: String = "") -> Transcript.Exchange {
    .http(
      "GET", "/campaigns/c1",
      json:
        #"{"id":"c1","web_id":7,"status":"\#(status)","archive_url":"http://eepurl.com/x","send_time":"\#(sendTime)"}"#
    )
  }

  /// The listing that finds the campaigns with `titles`, ids counted from c1.
  static func listing(_ titles: [String] = [], since: String = "2025-12-31T23:00:00Z") -> Transcript.Exchange
  {
    let campaigns = titles.enumerated().map { index, title in
      #"{"id":"c\#(index + 1)","web_id":7,"status":"save","settings":{"title":"\#(title)"}}"#
    }
    return .http(
      "GET", listingURL(since: since),
      json: #"{"campaigns":[\#(campaigns.joined(separator: ","))],"total_items":\#(titles.count)}"#)
  }

  static func listingURL(since: String = "2025-12-31T23:00:00Z", offset: Int = 0) -> String {
    "/campaigns?since_create_time=\(since)&sort_field=create_time&sort_dir=DESC&count=1000"
      + (offset == 0 ? "" : "&offset=\(offset)")
      + "&fields=campaigns.id,campaigns.settings.title,campaigns.status,campaigns.web_id,total_items"
  }

  /// A week before the test's clock.
  static let weekAgo = "2025-12-25T00:00:00Z"

  static func output(_ status: String, scheduledFor: String? = nil, reconciled: Bool = false) -> Campaign
    .Output?
  {
    Identifier("c1").map {
      Campaign.Output(
        campaignId: $0, webId: 7, status: status, archiveUrl: "http://eepurl.com/x",
        scheduledFor: scheduledFor, reconciled: reconciled)
    }
  }
}

extension HTTPRequest {
  /// The body as a JSON value, `null` when it is none.
  var bodyJSON: JSONValue {
    (try? StableJSON.decode(JSONValue.self, from: body?.inlineBytes ?? [])) ?? .null
  }
}

extension Transcript.Exchange {
  /// The same exchange, with a further condition on the request.
  func checking(_ check: @escaping @Sendable (HTTPRequest) throws -> Void) -> Self {
    var exchange = self
    exchange.check = check
    return exchange
  }
}
