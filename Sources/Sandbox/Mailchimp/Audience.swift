internal import ConnectorModel

/// One audience (a "list" in the API) with its members.
struct Audience: Sendable {
  let id: String
  let webID: Int
  let dateCreated: SandboxInstant
  /// What the caller gave or changed, of `schema`.
  var fields: [String: JSONValue]
  var members: [Member] = []
  /// The ids of members that were deleted for good; the API cannot bring them back.
  var forgotten: Set<String> = []
  var segments: [Segment] = []
  var mergeFields = MergeField.standard
  var interestCategories: [InterestCategory] = []
  var webhooks: [ListWebhook] = []

  static let schema = ObjectSchema(
    [
      "name": .string, "permission_reminder": .string, "email_type_option": .boolean,
      "use_archive_bar": .boolean,
      "notify_on_subscribe": .string, "notify_on_unsubscribe": .string, "double_optin": .boolean,
      "marketing_permissions": .boolean, "visibility": .choice(["pub", "prv"]),
      "contact": .object(
        ObjectSchema(
          [
            "company": .string, "address1": .string, "address2": .string, "city": .string, "state": .string,
            "zip": .string, "country": .string, "phone": .string,
          ], required: ["company", "address1", "city", "country"])),
      "campaign_defaults": .object(
        ObjectSchema(
          ["from_name": .string, "from_email": .string, "subject": .string, "language": .string],
          required: ["from_name", "from_email", "subject", "language"])),
    ], required: ["name", "contact", "permission_reminder", "email_type_option", "campaign_defaults"])

  /// What the merge fields of a new member hold.
  var defaultMergeValues: [String: JSONValue] {
    Dictionary(mergeFields.map { ($0.tag, $0.defaultValue) }) { first, _ in first }
  }

  /// Whether a new member belongs to each interest: to none.
  var defaultInterests: [String: JSONValue] {
    let ids = interestCategories.flatMap(\.interests).map(\.id)
    return Dictionary(ids.map { ($0, .bool(false)) }) { first, _ in first }
  }

  /// Takes a tag from every member.
  mutating func removeTag(_ id: Int) {
    for index in members.indices { members[index].tags.removeAll { $0.id == id } }
  }

  mutating func rename(segment index: Int, to name: String) {
    let id = segments[index].id
    segments[index].name = name
    for member in members.indices {
      members[member].tags = members[member].tags.map { tag in
        tag.id == id ? Member.Tag(id: id, name: name, added: tag.added) : tag
      }
    }
  }

  func count(_ status: Member.Status) -> Int { members.count { $0.status == status } }

  /// A member by the MD5 of the address, the address, or the contact id: the API takes each.
  func index(of key: String) -> Int? {
    let id = key.contains("@") ? Member.id(of: key) : key.lowercased()
    return members.firstIndex { $0.id == id || $0.contactID == id }
  }

  func body(_ call: MailchimpCall, campaigns: [Campaign], rates: AudienceRates = .init()) -> JSONValue {
    let own = campaigns.filter { $0.listID == id }
    let lastSent = own.compactMap { $0.stage.sendStart }.max()
    let subscribed = members.filter { $0.status == .subscribed }
    let contact: JSONValue = [
      "company": "", "address1": "", "address2": "", "city": "", "state": "", "zip": "", "country": "",
      "phone": "",
    ]
    func field(_ name: String, _ fallback: JSONValue) -> JSONValue { fields[name] ?? fallback }
    func since(_ status: Member.Status) -> JSONValue {
      .number(members.count { $0.status == status && $0.lastChanged > (lastSent ?? dateCreated) })
    }
    var stats: JSONValue = [
      "member_count": .number(subscribed.count),
      "unsubscribe_count": .number(count(.unsubscribed)), "cleaned_count": .number(count(.cleaned)),
      "member_count_since_send": since(.subscribed), "unsubscribe_count_since_send": since(.unsubscribed),
      "cleaned_count_since_send": since(.cleaned),
      "campaign_count": .number(own.count), "campaign_last_sent": .string(lastSent?.iso8601 ?? ""),
      "merge_field_count": .number(mergeFields.count), "avg_sub_rate": 0, "avg_unsub_rate": 0,
      "target_sub_rate": 0, "open_rate": rates.opens,
      "click_rate": rates.clicks,
      "last_sub_date": .string(subscribed.map(\.timestampOpt).max()?.iso8601 ?? ""),
      "last_unsub_date": .string(
        members.filter { $0.status == .unsubscribed }.map(\.lastChanged).max()?.iso8601 ?? ""),
    ]
    if call.flag("include_total_contacts") {
      let total = members.count { $0.status != .archived && $0.status != .cleaned }
      stats = stats.merging(["total_contacts": .number(total)])
    }
    return [
      "id": .string(id), "web_id": .number(webID), "name": field("name", ""),
      "contact": contact.merging(fields["contact"]?.members ?? [:]),
      "permission_reminder": field("permission_reminder", ""),
      "use_archive_bar": field("use_archive_bar", true),
      "campaign_defaults": field("campaign_defaults", [:]),
      "notify_on_subscribe": field("notify_on_subscribe", ""),
      "notify_on_unsubscribe": field("notify_on_unsubscribe", ""),
      "date_created": .string(dateCreated.iso8601),
      "list_rating": 0, "email_type_option": field("email_type_option", false),
      "subscribe_url_short": .string("https://eepurl.com/\(id.prefix(6))"),
      "subscribe_url_long": .string(
        "https://patchbay.\(Mailchimp.dataCentre).list-manage.com/subscribe?id=\(id)"),
      "beamer_address": .string("\(Mailchimp.dataCentre)-\(id)@inbound.mailchimp.com"),
      "visibility": field("visibility", "pub"), "double_optin": field("double_optin", false),
      "has_welcome": false,
      "marketing_permissions": field("marketing_permissions", false), "modules": [],
      "stats": stats,
      "_links": [
        call.relation("self", "/lists/\(id)", schema: "Lists"),
        call.relation("parent", "/lists", schema: "Lists"),
        call.relation("update", "/lists/\(id)", method: "PATCH", schema: "Lists"),
        call.relation("delete", "/lists/\(id)", method: "DELETE"),
        call.relation("batch-sub-unsub-members", "/lists/\(id)", method: "POST"),
        call.relation("members", "/lists/\(id)/members", schema: "Lists/Members"),
      ],
    ]
  }

  /// The audience with every field that one can have, for `fields`.
  func shape(_ call: MailchimpCall) -> JSONValue {
    let body = self.body(call, campaigns: [])
    return body.merging(["stats": (body["stats"] ?? [:]).merging(["total_contacts": 0])])
  }

  /// The account's one audience at the start: three subscribers, and one who left and may not be brought back.
  static func seeded(_ identifiers: inout MailchimpIdentifiers) -> Audience {
    let created = SandboxInstant(milliseconds: 1_704_103_200_000)
    var list = Audience(
      id: "a1b2c3d4e5", webID: identifiers.webID(), dateCreated: created,
      fields: [
        "name": "Patchbay Readers", "permission_reminder": "You signed up on our website.",
        "email_type_option": false,
        "contact": [
          "company": .string(MailchimpAccount.name), "address1": "1 Loopback Lane", "city": "Berlin",
          "state": "BE",
          "zip": "10115", "country": "DE",
        ],
        "campaign_defaults": [
          "from_name": .string(MailchimpAccount.name), "from_email": .string(MailchimpAccount.email),
          "subject": "",
          "language": "en",
        ],
      ])
    for (index, name) in ["Ada", "Grace", "Katherine", "Mary"].enumerated() {
      var member = Member(
        email: "\(name.lowercased())@patchbay.example", status: index < 3 ? .subscribed : .unsubscribed,
        at: created.advanced(byMilliseconds: Int64(index) * 86_400_000), source: "Import",
        identifiers: &identifiers)
      member.mergeFields = list.defaultMergeValues
      member.mergeFields["FNAME"] = .string(name)
      member.mayNotBeResubscribed = index == 3
      if index == 3 { member.unsubscribeReason = "Normal unsubscribe" }
      list.members.append(member)
    }
    return list
  }
}
