internal import ConnectorModel

// Segments of an audience; a static one is the same as a tag.
extension Mailchimp {
  private static let most = 500
  private static let segment = ObjectSchema(
    [
      "name": .string, "static_segment": .array(of: .string), "options": .object(SegmentConditions.schema),
    ], required: ["name"])
  private static let batch = ObjectSchema([
    "members_to_add": .array(of: .string), "members_to_remove": .array(of: .string),
  ])

  func segments(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let type = try call.choice("type", ["saved", "static", "fuzzy"])
    let created = try call.window("created_at")
    let updated = try call.window("updated_at")
    let found = list.segments.filter { segment in
      type.map { $0 == (segment.isStatic ? "static" : "saved") } ?? true && created.contains(segment.created)
        && updated.contains(segment.updated)
    }
    let example = Segment(id: 0, name: "", created: call.now, updated: call.now)
    return try call.collection(
      "segments", found.map { $0.body(call, list: list) }, like: example.body(call, list: list),
      at: "/lists/\(list.id)/segments", schema: "Lists/Segments", extra: ["list_id": .string(list.id)])
  }

  func segment(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try segmentIndex(call)
    return segmentAnswer(list, segment, call)
  }

  mutating func createSegment(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let fields = try call.resource(Self.segment)
    let name = fields["name"]?.text ?? ""
    guard fields["static_segment"] == nil || fields["options"] == nil else {
      throw .invalid("options", "A segment is static or has conditions, not both.")
    }
    guard fields["static_segment"] != nil || fields["options"] != nil else {
      throw .invalid("", "One of static_segment or options is required.")
    }
    try checkName(name, list: list, except: nil)
    let conditions = try fields["options"].map { options throws(MailchimpProblem) in
      try SegmentConditions(options)
    }
    let segment = Segment(
      id: identifiers.tagID(), name: name, created: call.now, updated: call.now, conditions: conditions)
    lists[list].segments.append(segment)
    for email in (fields["static_segment"]?.elements ?? []).compactMap(\.text) {
      _ = try? add(email, to: segment.id, list: list, at: call.now)
    }
    return segmentAnswer(list, lists[list].segments.count - 1, call)
  }

  mutating func updateSegment(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try segmentIndex(call)
    let changes = try call.resource(Self.segment, isPartial: true)
    if let name = changes["name"]?.text {
      try checkName(name, list: list, except: index)
      lists[list].rename(segment: index, to: name)
    }
    if let options = changes["options"] {
      guard !lists[list].segments[index].isStatic else {
        throw .invalid("options", "A static segment has no conditions.")
      }
      lists[list].segments[index].conditions = try SegmentConditions(options)
    }
    if let emails = changes["static_segment"]?.elements?.compactMap(\.text) {
      let id = lists[list].segments[index].id
      guard lists[list].segments[index].isStatic else {
        throw .invalid("static_segment", "The segment has conditions.")
      }
      lists[list].removeTag(id)
      for email in emails { _ = try? add(email, to: id, list: list, at: call.now) }
    }
    lists[list].segments[index].updated = call.now
    return segmentAnswer(list, index, call)
  }

  mutating func deleteSegment(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try segmentIndex(call)
    lists[list].removeTag(lists[list].segments.remove(at: segment).id)
    return .nothing
  }

  /// `POST …/segments/{id}`: members in and out of a static segment; what fails is told inside a 200.
  mutating func batchSegment(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try staticSegment(call)
    let fields = try call.resource(Self.batch)
    let incoming = (fields["members_to_add"]?.elements ?? []).compactMap(\.text)
    let leaving = (fields["members_to_remove"]?.elements ?? []).compactMap(\.text)
    guard incoming.count <= Self.most, leaving.count <= Self.most else {
      throw .invalid("members_to_add", "You can only process up to \(Self.most) members at a time.")
    }
    var added: [JSONValue] = []
    var removed: [JSONValue] = []
    var strangers: [JSONValue] = []
    for email in incoming {
      do throws(MailchimpProblem) {
        let index = try add(email, to: segment, list: list, at: call.now)
        added.append(lists[list].members[index].body(call, listID: lists[list].id))
      } catch {
        strangers.append(.string(email))
      }
    }
    for email in leaving {
      guard let index = lists[list].index(of: email) else {
        strangers.append(.string(email))
        continue
      }
      lists[list].members[index].tags.removeAll { $0.id == segment }
      removed.append(lists[list].members[index].body(call, listID: lists[list].id))
    }
    let complaint: JSONValue = [
      "email_addresses": .array(strangers), "error": "Email address does not belong to this list.",
    ]
    return .body(
      [
        "members_added": .array(added), "members_removed": .array(removed),
        "errors": strangers.isEmpty ? [] : [complaint], "total_added": .number(added.count),
        "total_removed": .number(removed.count), "error_count": .number(strangers.count),
        "_links": [call.relation("self", "/lists/\(lists[list].id)/segments/\(segment)", method: "POST")],
      ], schema: "Lists/Segments/BatchPost")
  }

  func segmentMembers(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try segmentIndex(call)
    let isEverybody = call.flag("include_unsubscribed")
    let audience = lists[list]
    let found = audience.members.filter { member in
      audience.segments[segment].contains(member) && (isEverybody || member.status == .subscribed)
    }
    let example = audience.members.first?.shape(call, listID: audience.id) ?? .null
    return try call.collection(
      "members", found.map { $0.body(call, listID: audience.id) }, like: example,
      at: "/lists/\(audience.id)/segments/\(audience.segments[segment].id)/members",
      schema: "Lists/Segments/Members")
  }

  mutating func addSegmentMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try staticSegment(call)
    let fields = try call.resource(ObjectSchema(["email_address": .string], required: ["email_address"]))
    let index = try add(fields["email_address"]?.text ?? "", to: segment, list: list, at: call.now)
    let listID = lists[list].id
    return .body(
      lists[list].members[index].body(call, listID: listID),
      shape: lists[list].members[index].shape(call, listID: listID), schema: "Lists/Segments/Members")
  }

  mutating func removeSegmentMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, segment) = try staticSegment(call)
    guard let member = lists[list].index(of: call.parameter("member")),
      lists[list].members[member].tags.contains(where: { $0.id == segment })
    else { throw .notFound }
    lists[list].members[member].tags.removeAll { $0.id == segment }
    return .nothing
  }

  private mutating func add(
    _ email: String, to segment: Int, list: Int, at now: SandboxInstant
  ) throws(MailchimpProblem) -> Int {
    guard let index = lists[list].index(of: email), lists[list].members[index].status != .archived else {
      throw .invalid("email_address", "\(email) does not belong to this list.")
    }
    if let name = lists[list].segments.first(where: { $0.id == segment })?.name {
      addTags([name], to: index, list: list, at: now)
    }
    return index
  }

  private func segmentIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, segment: Int) {
    let list = try listIndex(call)
    let id = try call.number("segment")
    guard let segment = lists[list].segments.firstIndex(where: { $0.id == id }) else { throw .notFound }
    return (list, segment)
  }

  /// The id of the segment, which must be a static one.
  private func staticSegment(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, id: Int) {
    let (list, segment) = try segmentIndex(call)
    guard lists[list].segments[segment].isStatic else {
      throw .badRequest("Members of a segment with conditions cannot be added or removed.")
    }
    return (list, lists[list].segments[segment].id)
  }

  private func segmentAnswer(_ list: Int, _ segment: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(lists[list].segments[segment].body(call, list: lists[list]), schema: "Lists/Segments")
  }

  private func checkName(_ name: String, list: Int, except own: Int?) throws(MailchimpProblem) {
    _ = try Self.tagNames([name])
    let isTaken = lists[list].segments.enumerated().contains { $0.offset != own && $0.element.name == name }
    guard !isTaken else { throw .badRequest("Sorry, that tag already exists.") }
  }
}
