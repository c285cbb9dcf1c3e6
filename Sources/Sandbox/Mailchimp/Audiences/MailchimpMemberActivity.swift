internal import ConnectorModel

/// Something that a member did elsewhere, told to Mailchimp by the account's own systems.
struct MemberEvent: Sendable {
  let name: String
  let occurred: SandboxInstant
  let properties: JSONValue

  static let schema = ObjectSchema(
    ["name": .string, "properties": .anyObject, "is_syncing": .boolean, "occurred_at": .time],
    required: ["name"])

  var json: JSONValue {
    ["name": .string(name), "occurred_at": .string(occurred.iso8601), "properties": properties]
  }
}

// Events, activity and goals of a member.
extension Mailchimp {
  func memberEvents(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try memberIndex(call)
    let member = lists[list].members[index]
    return try call.collection(
      "events", member.events.reversed().map(\.json),
      like: MemberEvent(name: "", occurred: call.now, properties: [:]).json,
      at: "/lists/\(lists[list].id)/members/\(member.id)/events", schema: "Lists/Members/Events")
  }

  mutating func createMemberEvent(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let fields = try call.resource(MemberEvent.schema)
    let name = fields["name"]?.text ?? ""
    guard (2...30).contains(name.utf8.count), name.first?.isLetter == true else {
      throw .invalid("name", "The name must begin with a letter and have 2 to 30 characters.")
    }
    let time = fields["occurred_at"]?.text.flatMap(SandboxInstant.init(iso8601:)) ?? call.now
    lists[list].members[member].events.append(
      MemberEvent(name: name, occurred: time, properties: fields["properties"] ?? [:]))
    return .nothing
  }

  func memberActivityFeed(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try memberIndex(call)
    let member = lists[list].members[index]
    let wanted = call.item("activity_filters")?.split(separator: ",").map { String($0).trimmed }
    let found = feed(of: member, at: call.now).filter { entry in
      wanted.map { $0.contains(entry.json["activity_type"]?.text ?? "") } ?? true
    }
    let example: JSONValue = [
      "activity_type": "", "created_at_timestamp": "", "campaign_id": "", "campaign_title": "",
      "link_clicked": "", "note_id": "", "note_text": "", "event_name": "", "bounce_type": "",
    ]
    return try call.collection(
      "activity", found.map(\.json), like: example,
      at: "/lists/\(lists[list].id)/members/\(member.id)/activity-feed",
      schema: "Lists/Members/ActivityFeed",
      extra: ["email_id": .string(member.id), "list_id": .string(lists[list].id)])
  }

  func memberGoals(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try memberIndex(call)
    let member = lists[list].members[index]
    let example: JSONValue = ["goal_id": 0, "event": "", "last_visited_at": "", "data": ""]
    // Nobody tracks goals for this account.
    return try call.collection(
      "goals", [], like: example, at: "/lists/\(lists[list].id)/members/\(member.id)/goals",
      schema: "Lists/Members/Goals",
      extra: ["email_id": .string(member.id), "list_id": .string(lists[list].id)])
  }

  /// Everything about one member, newest first.
  private func feed(of member: Member, at now: SandboxInstant) -> [(time: SandboxInstant, json: JSONValue)] {
    var entries: [(SandboxInstant, JSONValue)] = [(member.timestampOpt, ["activity_type": "signup"])]
    entries += member.notes.map { note in
      let json: JSONValue = [
        "activity_type": "note", "note_id": .string(String(note.id)), "note_text": .string(note.text),
      ]
      return (note.created, json)
    }
    entries += member.events.map { event in
      (event.occurred, ["activity_type": "event", "event_name": .string(event.name)])
    }
    for campaign in campaigns where campaign.recipients.contains(where: { $0.id == member.id }) {
      let reactions = engagement(of: campaign, at: now).reactions
      guard let reaction = reactions.first(where: { $0.recipient.id == member.id }) else { continue }
      entries += Self.feed(of: reaction, to: campaign)
    }
    return entries.sorted { $0.0 > $1.0 }.map { time, json in
      (time: time, json: json.merging(["created_at_timestamp": .string(time.iso8601)]))
    }
  }

  private static func feed(
    of reaction: Engagement.Reaction, to campaign: Campaign
  ) -> [(SandboxInstant, JSONValue)] {
    let about: JSONValue = ["campaign_id": .string(campaign.id), "campaign_title": .string(campaign.title)]
    let links = campaign.content?.links ?? []
    var entries: [(SandboxInstant, JSONValue)] = [(reaction.sent, about.merging(["activity_type": "sent"]))]
    entries += reaction.opens.map { ($0, about.merging(["activity_type": "open"])) }
    entries += reaction.clicks.map { click in
      let link = links.indices.contains(click.link) ? links[click.link] : ""
      return (click.time, about.merging(["activity_type": "click", "link_clicked": .string(link)]))
    }
    switch reaction.fate {
    case (.hardBounce, let time)?:
      entries.append((time, about.merging(["activity_type": "bounce", "bounce_type": "hard"])))
    case (.softBounce, let time)?:
      entries.append((time, about.merging(["activity_type": "bounce", "bounce_type": "soft"])))
    case (_, let time)?: entries.append((time, about.merging(["activity_type": "unsub"])))
    case nil: break
    }
    return entries
  }
}
