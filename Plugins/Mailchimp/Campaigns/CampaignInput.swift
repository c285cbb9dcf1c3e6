import ConnectorKit

/// The input of `campaign.publish`.
struct CampaignInput: Decodable {
  enum Send: String, Decodable { case now, draft }

  var audience: Identifier
  var subject: String
  var previewText: String?
  /// Seen in Mailchimp only; `subject` when not given.
  var title: String?
  var fromName: String
  var replyTo: String
  var html: String?
  /// Beside `html` the alternative to it, alone a campaign without HTML.
  var plainText: String?
  var templateId: Int64?
  /// The template's editable sections, by name.
  var sections: [String: String]?
  /// `now` when not given.
  var send: Send?
  /// RFC 3339.
  var scheduleAt: String?
}

/// The input of `campaign.send`: a campaign that is there, or one to be made first.
enum CampaignSendInput: Decodable {
  case existing(Identifier)
  case whole(CampaignInput)

  private enum CodingKeys: String, CodingKey { case campaignId }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard let id = try container.decodeIfPresent(Identifier.self, forKey: .campaignId) else {
      self = .whole(try CampaignInput(from: decoder))
      return
    }
    // Ignoring a member such as `scheduleAt` would send at the wrong time.
    let members = try decoder.singleValueContainer().decode([String: JSONValue].self)
    guard members.count == 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .campaignId, in: container, debugDescription: "campaignId stands alone")
    }
    self = .existing(id)
  }
}
