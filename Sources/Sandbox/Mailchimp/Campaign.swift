internal import ConnectorModel

/// One campaign: what the caller gave, its content, and how far its sending is.
struct Campaign: Sendable {
  let id: String
  let webID: Int
  let type: String
  let createTime: SandboxInstant
  var parentID = ""
  /// Of `schema`, without `type`: recipients, settings, tracking and what belongs to one type.
  var fields: [String: JSONValue]
  var content: CampaignContent?
  var stage = Stage.save
  /// Who was chosen when the sending began, as they were then.
  var recipients: [Member] = []
  /// What becomes of recipients after the sending, the next one last; see `Fate`.
  var fates: [PendingFate] = []
  /// Whether its end was told to webhooks.
  var isAnnounced = false

  static let types = ["regular", "plaintext", "absplit", "rss", "variate"]
  static let statuses = [
    "save", "paused", "schedule", "sending", "sent", "canceled", "canceling", "archived",
  ]
  /// How long a send takes in sandbox time, however many recipients.
  static let sendDurationMs: Int64 = 2000
  static let cancelDurationMs: Int64 = 1000

  struct PendingFate: Sendable {
    let time: SandboxInstant
    /// The recipient's place in the order of sending.
    let recipient: Int
    let kind: Fate
  }

  /// Where a campaign stands.
  ///
  /// `settle` moves `scheduled` on; the rest follows from the time.
  enum Stage: Sendable, Equatable {
    case save
    case scheduled(SandboxInstant)
    case sending(since: SandboxInstant, recipients: Int)
    case canceled(since: SandboxInstant, sendingSince: SandboxInstant, delivered: Int, recipients: Int)
    /// An RSS campaign that was started: it sends by its own schedule until it is paused.
    case feed(isPaused: Bool)

    var sendStart: SandboxInstant? {
      switch self {
      case .sending(let since, _): since
      case .canceled(_, let since, _, _): since
      default: nil
      }
    }

    /// When the sending is over, by success or not.
    var end: SandboxInstant? {
      switch self {
      case .sending(let since, _): since.advanced(byMilliseconds: sendDurationMs)
      case .canceled(let since, _, _, _): since.advanced(byMilliseconds: cancelDurationMs)
      default: nil
      }
    }

    func status(at now: SandboxInstant) -> String {
      switch self {
      case .save: "save"
      case .scheduled: "schedule"
      case .sending(let since, _): now.milliseconds - since.milliseconds < sendDurationMs ? "sending" : "sent"
      case .canceled(let since, _, _, _):
        now.milliseconds - since.milliseconds < cancelDurationMs ? "canceling" : "canceled"
      case .feed(let isPaused): isPaused ? "paused" : "sending"
      }
    }

    /// How many e-mails have left until `now`.
    func emailsSent(at now: SandboxInstant) -> Int {
      switch self {
      case .sending(let since, let recipients):
        let elapsed = min(max(0, now.milliseconds - since.milliseconds), sendDurationMs)
        return Int(Int64(recipients) * elapsed / sendDurationMs)
      case .canceled(_, _, let delivered, _): return delivered
      default: return 0
      }
    }
  }

  var listID: String { fields["recipients"]?["list_id"]?.text ?? "" }
  var title: String { setting("title") }
  func setting(_ name: String) -> String { fields["settings"]?[name]?.text ?? "" }

  static let schema = ObjectSchema(
    [
      "type": .choice(types), "content_type": .choice(["template", "multichannel"]),
      "recipients": .object(
        ObjectSchema(
          [
            "list_id": .string,
            "segment_opts": .object(
              ObjectSchema([
                "saved_segment_id": .integer, "prebuilt_segment_id": .string,
                "match": .choice(["any", "all"]),
                "conditions": .array(of: .anyObject),
              ])),
          ], required: ["list_id"])),
      "settings": .object(
        ObjectSchema([
          "subject_line": .string, "preview_text": .string, "title": .string, "from_name": .string,
          "reply_to": .string, "use_conversation": .boolean, "to_name": .string, "folder_id": .string,
          "authenticate": .boolean, "auto_footer": .boolean, "inline_css": .boolean, "auto_tweet": .boolean,
          "auto_fb_post": .array(of: .string), "fb_comments": .boolean, "template_id": .integer,
        ])),
      "tracking": .object(
        ObjectSchema([
          "opens": .boolean, "html_clicks": .boolean, "text_clicks": .boolean, "goal_tracking": .boolean,
          "ecomm360": .boolean, "google_analytics": .string, "clicktale": .string, "salesforce": .anyObject,
          "capsule": .anyObject,
        ])),
      "variate_settings": .object(
        ObjectSchema(
          [
            "winner_criteria": .choice(["opens", "clicks", "manual", "total_revenue"]), "wait_time": .integer,
            "test_size": .integer, "subject_lines": .array(of: .string), "send_times": .array(of: .time),
            "from_names": .array(of: .string), "reply_to_addresses": .array(of: .string),
          ], required: ["winner_criteria"])),
      "rss_opts": .object(
        ObjectSchema(
          [
            "feed_url": .string, "frequency": .choice(["daily", "weekly", "monthly"]), "schedule": .anyObject,
            "constrain_rss_img": .boolean,
          ], required: ["feed_url", "frequency"])),
      "social_card": .object(
        ObjectSchema(["image_url": .string, "description": .string, "title": .string])),
    ], required: ["type"])

  static let defaultSettings: JSONValue = [
    "subject_line": "", "preview_text": "", "title": "", "from_name": "", "reply_to": "",
    "use_conversation": false,
    "to_name": "", "folder_id": "", "authenticate": true, "auto_footer": false, "inline_css": false,
    "auto_tweet": false, "fb_comments": true, "timewarp": false, "template_id": 0, "drag_and_drop": false,
  ]
  static let defaultTracking: JSONValue = [
    "opens": true, "html_clicks": true, "text_clicks": false, "goal_tracking": false, "ecomm360": false,
    "google_analytics": "", "clicktale": "",
  ]
}

/// What a campaign says.
struct CampaignContent: Sendable, Equatable {
  var html = ""
  var plainText = ""
  /// Of a multivariate campaign.
  var variants: [JSONValue] = []
  /// `html`, `url` or `template`, as the campaign shows it.
  var origin = "html"

  var body: JSONValue {
    let value: JSONValue = [
      "plain_text": .string(plainText), "html": .string(html), "archive_html": .string(html),
    ]
    return variants.isEmpty ? value : value.merging(["variate_contents": .array(variants)])
  }
}

/// One campaign that went out.
struct MailchimpSend: Sendable {
  let campaignID: String
  let listID: String
  let subjectLine: String
  let recipients: Int
  let time: SandboxInstant

  var json: JSONValue {
    [
      "campaign_id": .string(campaignID), "list_id": .string(listID), "subject_line": .string(subjectLine),
      "recipients": .number(recipients), "time": .string(time.iso8601),
    ]
  }
}

/// One test e-mail that went out.
struct MailchimpTestSend: Sendable {
  let campaignID: String
  let addresses: [String]
  let kind: String

  var json: JSONValue {
    [
      "campaign_id": .string(campaignID), "test_emails": .array(addresses.map { .string($0) }),
      "send_type": .string(kind),
    ]
  }
}
