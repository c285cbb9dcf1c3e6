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
    _ = try Self.tagNames(changes.compactMap { $0["name"]?.text })
    for change in changes {
      guard let name = change["name"]?.text else { continue }
      if change["status"]?.text == "inactive" {
        lists[list].members[member].tags.removeAll { $0.name == name }
      } else {
        addTags([name], to: member, list: list, at: call.now)
      }
    }
    lists[list].members[member].lastChanged = call.now
    return .nothing
  }

  /// The audience's tags whose name begins as asked, whatever the case.
  func searchTags(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let wanted = (call.item("name") ?? "").lowercased()
    let found = lists[try listIndex(call)].segments.filter {
      $0.isStatic && $0.name.lowercased().hasPrefix(wanted)
    }
    let tags = found.sorted { $0.name < $1.name }.map { tag -> JSONValue in
      ["id": .number(tag.id), "name": .string(tag.name)]
    }
    return .body(["tags": .array(tags), "total_items": .number(tags.count)], schema: "Lists/TagSearch")
  }

  /// The names unchanged.
  ///
  /// - Throws: an `Invalid Resource` problem for a name that no tag can have.
  static func tagNames(_ names: [String]) throws(MailchimpProblem) -> [String] {
    guard names.allSatisfy({ !$0.isEmpty && $0.count <= 100 }) else {
      throw .invalid("tags", "A tag's name must have 1 to 100 characters.")
    }
    return names
  }

  /// Adds the tags that the member does not have yet.
  mutating func addTags(_ names: [String], to member: Int, list: Int, at now: SandboxInstant) {
    for name in names where !lists[list].members[member].tags.contains(where: { $0.name == name }) {
      let added = tag(named: name, list: list, at: now)
      lists[list].members[member].tags.append(added)
    }
  }

  /// The audience's tag of that name, made where there is none.
  private mutating func tag(named name: String, list: Int, at now: SandboxInstant) -> Member.Tag {
    if let known = lists[list].segments.first(where: { $0.isStatic && $0.name == name }) {
      return Member.Tag(id: known.id, name: name, added: now)
    }
    let made = Segment(id: identifiers.tagID(), name: name, created: now, updated: now)
    lists[list].segments.append(made)
    return Member.Tag(id: made.id, name: name, added: now)
  }
}
