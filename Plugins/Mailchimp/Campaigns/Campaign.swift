import ConnectorKit

/// A campaign as Mailchimp shows it.
struct Campaign: Decodable {
  struct Settings: Decodable { var title: String? }

  var id: Identifier
  var web_id: Int64?
  var type: String?
  var status: String?
  var archive_url: String?
  /// Empty where there is none.
  var send_time: String?
  var settings: Settings?

  /// What its status means for sending it.
  enum Phase: Equatable {
    /// Not sent, and may be.
    case ready
    /// Sent, being sent, or waiting for its time: never to be sent again.
    case departed
    /// Somebody stopped it, or the status is one nobody knows: not for a connector to send.
    case stopped
  }

  var phase: Phase {
    switch status {
    case "save": .ready
    // An RSS campaign pauses when somebody says so; another never left.
    case "paused": type == "rss" ? .stopped : .ready
    case "schedule", "sending", "sent": .departed
    default: .stopped
    }
  }

  func output(reconciled: Bool) -> Output {
    Output(
      campaignId: id, webId: web_id, status: status ?? "save", archiveUrl: archive_url,
      scheduledFor: status == "schedule" ? send_time : nil, reconciled: reconciled)
  }

  /// The output of every action that moves a campaign.
  struct Output: Codable, Equatable {
    var campaignId: Identifier
    var webId: Int64?
    /// Mailchimp's word: `save`, `schedule`, `sending`, `sent`.
    var status: String
    var archiveUrl: String?
    var scheduledFor: String?
    /// The outcome was found by looking, not told by the answer to a request of this operation.
    var reconciled: Bool
  }
}
