internal import ConnectorModel

// Audiences.
extension Mailchimp {
  func lists(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    var found: [Audience] = []
    for list in lists where try call.isInside("date_created", list.dateCreated) {
      let lastSent = campaigns.filter { $0.listID == list.id }.compactMap { $0.stage.sendStart }.max()
      guard try call.isInside("campaign_last_sent", lastSent) else { continue }
      if let email = call.item("email"), list.index(of: email) == nil { continue }
      found.append(list)
    }
    _ = try call.choice("sort_field", ["date_created"])
    if call.item("sort_field") != nil {
      let isDescending = try call.choice("sort_dir", ["ASC", "DESC"]) != "ASC"
      found.sort { isDescending ? $0.dateCreated > $1.dateCreated : $0.dateCreated < $1.dateCreated }
    }
    let page = try call.page(of: found)
    func collection(_ lists: some Sequence<Audience>) -> JSONValue {
      [
        "lists": .array(lists.map { $0.body(call, campaigns: campaigns) }),
        "total_items": .number(found.count),
        "constraints": [
          "may_create": true, "max_instances": 5, "current_total_instances": .number(self.lists.count),
        ],
        "_links": [
          call.relation("self", "/lists", schema: "Lists"), call.relation("parent", "/", schema: "Root"),
        ],
      ]
    }
    return .body(collection(page), shape: collection(lists.prefix(1)), schema: "Lists")
  }

  mutating func createList(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let fields = try call.resource(Audience.schema)
    try Self.checkSender(fields)
    let list = Audience(
      id: identifiers.short(), webID: identifiers.webID(), dateCreated: call.now, fields: fields)
    lists.append(list)
    return .body(list.body(call, campaigns: campaigns), schema: "Lists")
  }

  func list(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try listIndex(call)
    return .body(lists[index].body(call, campaigns: campaigns), schema: "Lists")
  }

  mutating func updateList(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try listIndex(call)
    let changes = try call.resource(Audience.schema, isPartial: true)
    try Self.checkSender(changes)
    for (name, value) in changes {
      let old = lists[index].fields[name]
      lists[index].fields[name] = value.members.flatMap { members in old?.merging(members) } ?? value
    }
    return .body(lists[index].body(call, campaigns: campaigns), schema: "Lists")
  }

  func listIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    guard let index = lists.firstIndex(where: { $0.id == call.parameter("list") }) else { throw .notFound }
    return index
  }

  private static func checkSender(_ fields: [String: JSONValue]) throws(MailchimpProblem) {
    guard let email = fields["campaign_defaults"]?["from_email"]?.text else { return }
    guard Member.isAddress(email) else {
      throw .invalid("campaign_defaults.from_email", "Please enter a valid email address.")
    }
  }
}
