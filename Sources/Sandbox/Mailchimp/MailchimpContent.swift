internal import ConnectorModel

// What a campaign says, and whether it can be sent.
extension Mailchimp {
  private static let update = ObjectSchema([
    "plain_text": .string, "html": .string, "url": .string, "template": .anyObject, "archive": .anyObject,
    "variate_contents": .array(
      of: .object(
        ObjectSchema(
          ["content_label": .string, "plain_text": .string, "html": .string], required: ["content_label"]))),
  ])

  func content(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    contentAnswer(campaigns[try campaignIndex(call)], call)
  }

  mutating func setContent(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try campaignIndex(call)
    try checkEditable(campaigns[index], call)
    let fields = try call.resource(Self.update)
    guard !fields.isEmpty else {
      throw .invalid("", "One of html, plain_text, url, template, archive or variate_contents is required.")
    }
    // The account has no templates, and its web server takes no uploads.
    if fields["template"] != nil { throw .invalid("template.id", "The template does not exist.") }
    if fields["archive"] != nil { throw .invalid("archive", "The archive could not be read.") }
    var content = campaigns[index].content ?? CampaignContent()
    if let variants = fields["variate_contents"]?.elements {
      guard campaigns[index].type == "variate" else {
        throw .invalid("variate_contents", "Only a campaign of type variate has them.")
      }
      content.variants = variants
    }
    if let url = fields["url"]?.text {
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw .invalid("url", "Please enter a valid URL.")
      }
      content.html = "<html><body><p>Imported from \(url)</p></body></html>"
      content.origin = "url"
    }
    if let html = fields["html"]?.text, campaigns[index].type != "plaintext" {
      content.html = html
      content.origin = "html"
    }
    content.plainText =
      fields["plain_text"]?.text
      ?? (fields["plain_text"] == nil && content.html.isEmpty
        ? content.plainText : Self.plainText(of: content.html))
    campaigns[index].content = content
    return contentAnswer(campaigns[index], call)
  }

  private func contentAnswer(_ campaign: Campaign, _ call: MailchimpCall) -> MailchimpAnswer {
    let path = "/campaigns/\(campaign.id)"
    let links: [String: JSONValue] = [
      "_links": [
        call.relation("self", path + "/content", schema: "Campaigns/Content"),
        call.relation("parent", path, schema: "Campaigns"),
        call.relation("put", path + "/content", method: "PUT", schema: "Campaigns/Content"),
      ]
    ]
    let value = (campaign.content ?? CampaignContent()).body.merging(links)
    return .body(value, shape: value.merging(["variate_contents": []]), schema: "Campaigns/Content")
  }

  /// The text between the tags, as Mailchimp makes a text part where the caller gives none.
  private static func plainText(of html: String) -> String {
    var text = ""
    var isTag = false
    for character in html {
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" {
        isTag = false
        text.append(" ")
      }
    }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  func checklist(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let campaign = campaigns[try campaignIndex(call)]
    let items = checklistItems(of: campaign)
    let path = "/campaigns/\(campaign.id)"
    let value: JSONValue = [
      "is_ready": .bool(!items.contains { $0.kind == .error }), "items": .array(items.map(\.json)),
      "_links": [
        call.relation("self", path + "/send-checklist", schema: "Campaigns/Checklist"),
        call.relation("parent", path, schema: "Campaigns"),
      ],
    ]
    return .body(value, schema: "Campaigns/Checklist")
  }

  func checklistItems(of campaign: Campaign) -> [ChecklistItem] {
    var items: [ChecklistItem] = []
    func check(_ id: Int, _ heading: String, _ failure: String?, kind: ChecklistItem.Kind = .error) {
      items.append(
        ChecklistItem(
          kind: failure == nil ? .success : kind, id: id, heading: heading, details: failure ?? "Looks good.")
      )
    }
    let list = audience(of: campaign)
    let recipients = recipientCount(of: campaign)
    check(
      501, "List",
      list == nil
        ? "You have not chosen an audience for this campaign."
        : recipients == 0 ? "Your audience has no subscribed contacts." : nil)
    let hasSubject = !campaign.setting("subject_line").isEmpty || campaign.type == "variate"
    check(502, "Subject Line", hasSubject ? nil : "You've not entered a subject line for this campaign yet.")
    check(
      503, "From Name", campaign.setting("from_name").isEmpty ? "You've not entered a from name yet." : nil)
    check(
      504, "Reply-to",
      campaign.setting("reply_to").isEmpty ? "You've not entered a reply-to address yet." : nil)
    let content = campaign.content
    let hasContent =
      switch campaign.type {
      case "plaintext": content?.plainText.isEmpty == false
      case "variate": content?.html.isEmpty == false || content?.variants.isEmpty == false
      default: content?.html.isEmpty == false
      }
    check(505, "Content", hasContent ? nil : "You have not added any content to this campaign yet.")
    check(
      506, "Preview Text",
      campaign.setting("preview_text").isEmpty ? "You've not entered preview text." : nil,
      kind: .warning)
    return items
  }
}

/// One line of the send checklist.
struct ChecklistItem {
  let kind: Kind
  let id: Int
  let heading: String
  let details: String

  enum Kind: String {
    case success, warning, error
  }

  var json: JSONValue {
    [
      "type": .string(kind.rawValue), "id": .number(id), "heading": .string(heading),
      "details": .string(details),
    ]
  }
}
