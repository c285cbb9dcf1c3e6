internal import ConnectorModel

/// One merge field of an audience: the name, type and rules of a value that every member has.
struct MergeField: Sendable {
  let id: Int
  /// Of `schema`, `tag` included.
  var fields: [String: JSONValue]

  /// How many an audience can have.
  static let most = 30
  static let longestTag = 10
  static let longestValueBytes = 255
  static let types = [
    "text", "number", "address", "phone", "date", "url", "imageurl", "radio", "dropdown", "birthday", "zip",
  ]

  static let schema = ObjectSchema(
    [
      "tag": .string, "name": .string, "type": .choice(types), "required": .boolean,
      "default_value": .string,
      "public": .boolean, "display_order": .integer, "help_text": .string,
      "options": .object(
        ObjectSchema([
          "default_country": .integer, "phone_format": .string, "date_format": .string,
          "choices": .array(of: .string),
        ])),
    ], required: ["name", "type"])

  var tag: String { fields["tag"]?.text ?? "" }
  var type: String { fields["type"]?.text ?? "text" }
  var isRequired: Bool { fields["required"] == true }
  var defaultValue: JSONValue { fields["default_value"] ?? "" }

  func body(_ call: MailchimpCall, listID: String) -> JSONValue {
    let defaults: JSONValue = [
      "tag": "", "name": "", "type": "text", "required": false, "default_value": "", "public": false,
      "display_order": .number(id + 1), "options": type == "text" ? ["size": 25] : [:], "help_text": "",
    ]
    return defaults.merging(fields).merging([
      "merge_id": .number(id), "list_id": .string(listID),
      "_links": call.itemLinks("/lists/\(listID)/merge-fields/\(id)", schema: "Lists/MergeFields"),
    ])
  }

  /// What is wrong with a value, or nil.
  func complaint(about value: JSONValue) -> String? {
    if type == "address" {
      guard let address = value.members else { return nil }
      let isComplete = ["addr1", "city", "state", "zip"].allSatisfy { address[$0]?.text?.isEmpty == false }
      return isComplete ? nil : "Please enter a complete address"
    }
    let text = value.text ?? ""
    if text.utf8.count > Self.longestValueBytes { return "Please enter a value under 255 bytes" }
    if text.isEmpty, value.text != nil { return isRequired ? "Please enter a value" : nil }
    switch type {
    case "number": return value.text == nil || Double(text) != nil ? nil : "Please enter a number"
    case "date": return Self.isDate(text) ? nil : "Please enter the date"
    case "birthday": return Self.isBirthday(text) ? nil : "Please enter a month (01-12) and a day (01-31)"
    case "url", "imageurl":
      return text.hasPrefix("http://") || text.hasPrefix("https://") ? nil : "Please enter a complete URL"
    case "radio", "dropdown":
      let choices = (fields["options"]?["choices"]?.elements ?? []).compactMap(\.text)
      return choices.contains(text) ? nil : "Please choose one of: \(choices.joined(separator: ", "))"
    default: return nil
    }
  }

  private static func isDate(_ text: String) -> Bool {
    SandboxInstant(iso8601: text) != nil || SandboxInstant(iso8601: text + "T00:00:00") != nil
      || text.split(separator: "/").compactMap { Int($0) }.count == 3
  }

  private static func isBirthday(_ text: String) -> Bool {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    return parts.count == 2 && (1...12).contains(parts[0]) && (1...31).contains(parts[1])
  }

  /// What every audience starts with.
  static let standard: [MergeField] = [
    MergeField(id: 1, fields: ["tag": "FNAME", "name": "First Name", "type": "text"]),
    MergeField(id: 2, fields: ["tag": "LNAME", "name": "Last Name", "type": "text"]),
    MergeField(id: 3, fields: ["tag": "ADDRESS", "name": "Address", "type": "address"]),
    MergeField(id: 4, fields: ["tag": "PHONE", "name": "Phone Number", "type": "phone"]),
    MergeField(id: 5, fields: ["tag": "BIRTHDAY", "name": "Birthday", "type": "birthday"]),
  ]
}
