internal import ConnectorModel

/// One template: HTML in which `mc:edit="NAME"` marks what a campaign may fill.
struct Template: Sendable {
  let id: Int
  var name: String
  var html: String
  var folderID: String
  let created: SandboxInstant
  var edited: SandboxInstant

  static let schema = ObjectSchema(
    ["name": .string, "html": .string, "folder_id": .string], required: ["name", "html"])
  private static let mark = "mc:edit=\""

  func body(_ call: MailchimpCall) -> JSONValue {
    [
      "id": .number(id), "type": "user", "name": .string(name), "drag_and_drop": false, "responsive": true,
      "category": "", "date_created": .string(created.iso8601), "date_edited": .string(edited.iso8601),
      "created_by": .string(MailchimpAccount.name), "edited_by": .string(MailchimpAccount.name),
      "active": true, "folder_id": .string(folderID), "thumbnail": "",
      "share_url": .string("https://us19.admin.mailchimp.com/templates/share?id=\(id)"),
      "content_type": "html", "_links": call.itemLinks("/templates/\(id)", schema: "Templates"),
    ]
  }

  /// The editable sections with what they say unless a campaign fills them.
  var sections: [String: String] {
    var sections: [String: String] = [:]
    var from = html.startIndex
    while let section = next(from: from) {
      sections[section.name] = String(html[section.content])
      from = section.content.upperBound
    }
    return sections
  }

  /// The HTML with sections replaced; names it does not have are dropped.
  func html(filling sections: [String: JSONValue]) -> String {
    var text = ""
    var from = html.startIndex
    while let section = next(from: from) {
      text += html[from..<section.content.lowerBound]
      text += sections[section.name]?.text ?? String(html[section.content])
      from = section.content.upperBound
    }
    return text + html[from...]
  }

  /// The next section: its name and what stands between its tags, which must not hold a tag of the same kind.
  private func next(from: String.Index) -> (name: String, content: Range<String.Index>)? {
    guard let mark = html[from...].firstRange(of: Self.mark) else { return nil }
    let name = String(html[mark.upperBound...].prefix { $0 != "\"" })
    guard let open = html[..<mark.lowerBound].lastIndex(of: "<"),
      let end = html[mark.upperBound...].firstIndex(of: ">")
    else { return nil }
    let tag = html[html.index(after: open)...].prefix { $0.isLetter || $0.isNumber }
    let start = html.index(after: end)
    guard let close = html[start...].firstRange(of: "</\(tag)") else { return nil }
    return (name, start..<close.lowerBound)
  }
}
