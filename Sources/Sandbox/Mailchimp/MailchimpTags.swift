internal import ConnectorModel

// Tags of a member.
extension Mailchimp {
  private static let update = ObjectSchema(
    [
      "tags": .array(
        of: .object(
          ObjectSchema(
            ["name": .string, "status": .choice(["active", "inactive"])], required: ["name", "status"]))),
      "is_syncing": .boolean,
    ], required: ["tags"])

  func memberTags(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let tags = lists[list].members[member].tags
    let path = "/lists/\(lists[list].id)/members/\(lists[list].members[member].id)"
    func collection(_ tags: some Sequence<Member.Tag>) -> JSONValue {
      [
        "tags": .array(
          tags.map {
            ["id": .number($0.id), "name": .string($0.name), "date_added": .string($0.added.iso8601)]
          }), "total_items": .number(self.lists[list].members[member].tags.count),
        "_links": [
          call.relation("self", path + "/tags", schema: "Lists/Members/Tags"),
          call.relation("parent", path, schema: "Lists/Members"),
        ],
      ]
    }
    let example = Member.Tag(id: 0, name: "", added: call.now)
    return .body(
      collection(try call.page(of: tags)), shape: collection([example]), schema: "Lists/Members/Tags")
  }

  mutating func setMemberTags(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let changes = try call.resource(Self.update)["tags"]?.elements ?? []
    for name in changes.compactMap({ $0["name"]?.text }) where name.isEmpty || name.count > 100 {
      throw .invalid("tags", "A tag's name must have 1 to 100 characters.")
    }
    for change in changes {
      guard let name = change["name"]?.text else { continue }
      if change["status"]?.text == "inactive" {
        lists[list].members[member].tags.removeAll { $0.name == name }
      } else if !lists[list].members[member].tags.contains(where: { $0.name == name }) {
        let added = tag(named: name, list: list, at: call.now)
        lists[list].members[member].tags.append(added)
      }
    }
    lists[list].members[member].lastChanged = call.now
    return .nothing
  }

  /// The audience's tag of that name, made where there is none.
  mutating func tag(named name: String, list: Int, at now: SandboxInstant) -> Member.Tag {
    let id = lists[list].tags[name] ?? identifiers.tagID()
    lists[list].tags[name] = id
    return Member.Tag(id: id, name: name, added: now)
  }
}
