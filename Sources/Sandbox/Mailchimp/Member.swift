internal import ConnectorModel

/// One contact of an audience.
struct Member: Sendable {
  private(set) var id: String
  private(set) var email: String
  let uniqueEmailID: String
  let contactID: String
  let webID: Int
  var status: Status
  var mergeFields: [String: JSONValue] = [:]
  /// Other fields that the caller gave: interests, language, vip, location, permissions, addresses.
  var fields: [String: JSONValue] = [:]
  var tags: [Tag] = []
  var notes: [MemberNote] = []
  var events: [MemberEvent] = []
  var source: String
  let created: SandboxInstant
  var timestampOpt: SandboxInstant
  var lastChanged: SandboxInstant
  /// They unsubscribed by themselves, bounced or complained, so that only they can come back.
  var mayNotBeResubscribed = false
  var unsubscribeReason: String?

  enum Status: String, Sendable, CaseIterable {
    case subscribed, unsubscribed, cleaned, pending, transactional, archived

    /// What a request may ask for.
    static let requestable = ["subscribed", "unsubscribed", "cleaned", "pending", "transactional"]
  }

  struct Tag: Sendable {
    let id: Int
    let name: String
    let added: SandboxInstant
  }

  init(
    email: String, status: Status, at now: SandboxInstant, source: String,
    identifiers: inout MailchimpIdentifiers
  ) {
    self.email = email
    self.status = status
    self.source = source
    id = Self.id(of: email)
    uniqueEmailID = identifiers.short()
    contactID = identifiers.hexadecimal(32)
    webID = identifiers.webID()
    created = now
    timestampOpt = now
    lastChanged = now
  }

  /// The MD5 of the address in lower case, which is also its place in a path.
  static func id(of email: String) -> String { Digest.md5(email.lowercased()) }

  mutating func rename(to email: String) {
    self.email = email
    id = Self.id(of: email)
  }

  /// Whether `text` can be an address: one `@`, something before it, a domain with a dot after it.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= 254 else { return false }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
      && text.utf8.allSatisfy { $0 > 32 && $0 != 127 }
  }

  /// - Parameter status: required for `POST`; `PUT` has `status_if_new`, `PATCH` neither.
  static func schema(required: [String]) -> ObjectSchema {
    ObjectSchema(
      [
        "email_address": .string, "status": .choice(Status.requestable),
        "status_if_new": .choice(Status.requestable),
        "email_type": .choice(["html", "text"]), "merge_fields": .anyObject, "interests": .anyObject,
        "language": .string, "vip": .boolean,
        "location": .object(ObjectSchema(["latitude": .number, "longitude": .number])),
        "marketing_permissions": .array(
          of: .object(ObjectSchema(["marketing_permission_id": .string, "enabled": .boolean]))),
        "ip_signup": .string, "timestamp_signup": .time, "ip_opt": .string, "timestamp_opt": .time,
        "tags": .array(of: .string),
      ], required: required)
  }

  private static let nowhere: JSONValue = [
    "latitude": 0, "longitude": 0, "gmtoff": 0, "dstoff": 0, "country_code": "", "timezone": "", "region": "",
  ]

  /// The member with every field that one can have, for `fields`.
  func shape(_ call: MailchimpCall, listID: String) -> JSONValue {
    body(call, listID: listID).merging([
      "unsubscribe_reason": "", "last_note": [:], "sms_phone_number": "", "sms_subscription_status": "",
      "sms_subscription_last_updated": "",
      "stats": ["avg_open_rate": 0, "avg_click_rate": 0, "ecommerce_data": [:]],
    ])
  }

  func body(_ call: MailchimpCall, listID: String) -> JSONValue {
    let path = "/lists/\(listID)/members/\(id)"
    func field(_ name: String, _ fallback: JSONValue) -> JSONValue { fields[name] ?? fallback }
    let name = ["FNAME", "LNAME"].compactMap { mergeFields[$0]?.text }.filter { !$0.isEmpty }.joined(
      separator: " ")
    var members: [String: JSONValue] = [
      "id": .string(id), "email_address": .string(email), "unique_email_id": .string(uniqueEmailID),
      "contact_id": .string(contactID), "full_name": .string(name), "web_id": .number(webID),
      "email_type": field("email_type", "html"), "status": .string(status.rawValue),
      "consents_to_one_to_one_messaging": true, "merge_fields": .object(mergeFields),
      "interests": field("interests", [:]), "stats": ["avg_open_rate": 0, "avg_click_rate": 0],
      "ip_signup": field("ip_signup", ""), "timestamp_signup": field("timestamp_signup", ""),
      "ip_opt": field("ip_opt", "127.0.0.1"),
      "timestamp_opt": .string(timestampOpt.iso8601),
      "member_rating": 2, "last_changed": .string(lastChanged.iso8601), "language": field("language", ""),
      "vip": field("vip", false), "email_client": "",
      "location": Self.nowhere.merging(fields["location"]?.members ?? [:]),
      "marketing_permissions": field("marketing_permissions", []), "source": .string(source),
      "tags_count": .number(tags.count),
      "tags": .array(tags.map { ["id": .number($0.id), "name": .string($0.name)] }),
      "list_id": .string(listID),
      "_links": [
        call.relation("self", path, schema: "Lists/Members"),
        call.relation("parent", "/lists/\(listID)/members", schema: "Lists/Members"),
        call.relation("update", path, method: "PATCH", schema: "Lists/Members"),
        call.relation("upsert", path, method: "PUT", schema: "Lists/Members"),
        call.relation("delete", path, method: "DELETE"),
        call.relation("delete_permanent", path + "/actions/delete-permanent", method: "POST"),
        call.relation("tags", path + "/tags", schema: "Lists/Members/Tags"),
      ],
    ]
    if let unsubscribeReason { members["unsubscribe_reason"] = .string(unsubscribeReason) }
    return .object(members)
  }
}
