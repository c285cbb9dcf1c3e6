internal import ConnectorModel

// Whether a campaign can be sent.
extension Mailchimp {
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
