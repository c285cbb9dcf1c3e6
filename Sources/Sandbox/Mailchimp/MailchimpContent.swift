internal import ConnectorModel

internal import struct FoundationEssentials.Data

// What a campaign says.
extension Mailchimp {
  private static let update = ObjectSchema([
    "plain_text": .string, "html": .string, "url": .string,
    "template": .object(ObjectSchema(["id": .integer, "sections": .anyObject], required: ["id"])),
    "archive": .object(
      ObjectSchema(
        ["archive_content": .string, "archive_type": .choice(archiveStarts.keys.sorted())],
        required: ["archive_content"])),
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
    var content = campaigns[index].content ?? CampaignContent()
    if let choice = fields["template"] {
      guard let template = template(Int(choice["id"]?.integer ?? 0)) else {
        throw .invalid("template.id", "The template does not exist.")
      }
      content.html = template.html(filling: choice["sections"]?.members ?? [:])
      content.origin = "template"
    }
    if let archive = fields["archive"] {
      content.html = try Self.html(of: archive)
      content.origin = "html"
    }
    if let variants = fields["variate_contents"]?.elements {
      guard campaigns[index].type == "variate" else {
        throw .invalid("variate_contents", "Only a campaign of type variate has them.")
      }
      guard variants.count <= Self.mostVariants else {
        throw .invalid("variate_contents", "At most \(Self.mostVariants) contents can be tested.")
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

  /// With which bytes an archive of each type starts; a plain tape archive starts with a name.
  private static let archiveStarts: [String: [UInt8]] = [
    "zip": [0x50, 0x4B], "tar.gz": [0x1F, 0x8B], "tgz": [0x1F, 0x8B], "tar.bz2": [0x42, 0x5A, 0x68],
    "tbz": [0x42, 0x5A, 0x68], "tar": [],
  ]

  /// As with a URL, what is imported is told, not shown: the simulator unpacks nothing.
  private static func html(of archive: JSONValue) throws(MailchimpProblem) -> String {
    let type = archive["archive_type"]?.text ?? "zip"
    guard let data = Data(base64Encoded: archive["archive_content"]?.text ?? ""), !data.isEmpty,
      data.starts(with: archiveStarts[type] ?? [])
    else { throw .invalid("archive.archive_content", "The archive could not be read.") }
    return "<html><body><p>Imported from an archive of \(data.count) bytes</p></body></html>"
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
}
