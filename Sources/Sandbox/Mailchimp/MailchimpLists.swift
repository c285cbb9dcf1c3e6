internal import ConnectorModel

// Audiences.
extension Mailchimp {
  func lists(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let created = try call.window("date_created")
    let sent = try call.window("campaign_last_sent")
    // The account has no store.
    let none = call.flag("has_ecommerce_store")
    var found = lists.filter { list in
      !none && created.contains(list.dateCreated) && sent.contains(lastSend(to: list.id))
        && call.item("email").map { list.index(of: $0) != nil } ?? true
    }
    _ = try call.choice("sort_field", ["date_created"])
    if call.item("sort_field") != nil {
      let isDescending = try call.choice("sort_dir", ["ASC", "DESC"]) != "ASC"
      found.sort { isDescending ? $0.dateCreated > $1.dateCreated : $0.dateCreated < $1.dateCreated }
    }
    let page = try call.page(of: found)
    func collection(_ bodies: [JSONValue]) -> JSONValue {
      [
        "lists": .array(bodies),
        "total_items": .number(found.count),
        "constraints": [
          "may_create": true, "max_instances": 5, "current_total_instances": .number(self.lists.count),
        ],
        "_links": [
          call.relation("self", "/lists", schema: "Lists"), call.relation("parent", "/", schema: "Root"),
        ],
      ]
    }
    return .body(
      collection(page.map { body(of: $0, call) }),
      shape: collection(lists.prefix(1).map { $0.shape(call) }), schema: "Lists")
  }

  mutating func createList(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let fields = try call.resource(Audience.schema)
    try Self.checkSender(fields)
    let list = Audience(
      id: identifiers.short(), webID: identifiers.webID(), dateCreated: call.now, fields: fields)
    lists.append(list)
    return listAnswer(list, call)
  }

  func list(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    listAnswer(lists[try listIndex(call)], call)
  }

  mutating func deleteList(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    for hook in lists.remove(at: try listIndex(call)).webhooks { outbox.cancel(hook: hook.id) }
    return .nothing
  }

  private func listAnswer(_ list: Audience, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(body(of: list, call), shape: list.shape(call), schema: "Lists")
  }

  private func body(of list: Audience, _ call: MailchimpCall) -> JSONValue {
    list.body(call, campaigns: campaigns, rates: rates(of: list.id, at: call.now))
  }

  /// When the last campaign to an audience began to be sent.
  func lastSend(to listID: String) -> SandboxInstant? {
    campaigns.filter { $0.listID == listID }.compactMap(\.stage.sendStart).max()
  }

  mutating func updateList(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try listIndex(call)
    let changes = try call.resource(Audience.schema, isPartial: true)
    try Self.checkSender(changes)
    for (name, value) in changes {
      let old = lists[index].fields[name]
      lists[index].fields[name] = value.members.flatMap { members in old?.merging(members) } ?? value
    }
    return listAnswer(lists[index], call)
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
