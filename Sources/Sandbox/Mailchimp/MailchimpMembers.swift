internal import ConnectorModel

// Members of an audience.
extension Mailchimp {
  func members(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let filter = try MemberFilter(call, lastSend: lastSend(to: list.id))
    var found = list.members.filter(filter.admits)
    if let field = try call.choice("sort_field", ["timestamp_opt", "timestamp_signup", "last_changed"]) {
      let isAscending = try call.choice("sort_dir", ["ASC", "DESC"]) == "ASC"
      let key: (Member) -> SandboxInstant = { field == "last_changed" ? $0.lastChanged : $0.timestampOpt }
      found.sort { isAscending ? key($0) < key($1) : key($0) > key($1) }
    }
    let page = try call.page(of: found)
    func collection(_ bodies: [JSONValue]) -> JSONValue {
      [
        "members": .array(bodies), "list_id": .string(list.id),
        "total_items": .number(found.count),
        "_links": [
          call.relation("self", "/lists/\(list.id)/members", schema: "Lists/Members"),
          call.relation("parent", "/lists/\(list.id)", schema: "Lists"),
        ],
      ]
    }
    return .body(
      collection(page.map { $0.body(call, listID: list.id) }),
      shape: collection(list.members.prefix(1).map { $0.shape(call, listID: list.id) }),
      schema: "Lists/Members")
  }

  func member(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    return memberAnswer(lists[list].members[member], list, call)
  }

  private func memberAnswer(_ member: Member, _ list: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    let listID = lists[list].id
    return .body(
      member.body(call, listID: listID), shape: member.shape(call, listID: listID), schema: "Lists/Members")
  }

  mutating func addMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let fields = try call.resource(Member.schema(required: ["email_address", "status"]))
    let email = fields["email_address"]?.text ?? ""
    if let index = lists[list].index(of: email), lists[list].members[index].status != .archived {
      throw MailchimpProblem(
        status: 400, title: "Member Exists",
        detail: "\(email) is already a list member. Use PUT to insert or update list members.")
    }
    let index = try store(fields, statusField: "status", list: list, key: email, call)
    return memberAnswer(lists[list].members[index], list, call)
  }

  mutating func putMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let key = call.parameter("member")
    let exists = lists[list].index(of: key) != nil
    let required = exists ? [] : ["email_address", "status_if_new"]
    let fields = try call.resource(Member.schema(required: required))
    let index = try store(fields, statusField: "status_if_new", list: list, key: key, call)
    return memberAnswer(lists[list].members[index], list, call)
  }

  mutating func patchMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let fields = try call.resource(Member.schema(required: []))
    let index = try store(
      fields, statusField: "status", list: list, key: lists[list].members[member].id, call)
    return memberAnswer(lists[list].members[index], list, call)
  }

  mutating func archiveMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    guard lists[list].members[member].status != .archived else {
      throw .notAllowed("This list member cannot be removed. Please contact support.")
    }
    lists[list].members[member].status = .archived
    lists[list].members[member].lastChanged = call.now
    tell(.deleted, of: lists[list].members[member], list: list, source: "api", at: call.now)
    return .nothing
  }

  mutating func deleteMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let removed = lists[list].members.remove(at: member)
    lists[list].forgotten.insert(removed.id)
    if removed.status != .archived { tell(.deleted, of: removed, list: list, source: "api", at: call.now) }
    return .nothing
  }

  func memberIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, member: Int) {
    let list = try listIndex(call)
    guard let member = lists[list].index(of: call.parameter("member")) else { throw .notFound }
    return (list, member)
  }

  /// Creates or updates one member and returns its index; nothing changes where it throws.
  ///
  /// - Parameters:
  ///   - statusField: which field holds the status of a contact that is new.
  ///   - key: the member's hash, address or contact id.
  mutating func store(
    _ fields: [String: JSONValue], statusField: String, list: Int, key: String, _ call: MailchimpCall
  ) throws(MailchimpProblem) -> Int {
    let email = fields["email_address"]?.text
    if let email, !Member.isAddress(email) {
      throw MailchimpProblem(
        status: 400, title: MailchimpProblem.invalidResource, detail: "Please provide a valid email address.")
    }
    if !call.flag("skip_merge_validation") {
      try checkMergeFields(fields, list: list, isNew: lists[list].index(of: key) == nil)
    }
    let known = lists[list].defaultInterests
    if let stranger = fields["interests"]?.members?.keys.sorted().first(where: { known[$0] == nil }) {
      throw .invalid("interests", "Invalid interest ID: '\(stranger)'.")
    }
    let tags = try Self.tagNames((fields["tags"]?.elements ?? []).compactMap(\.text))
    if let index = lists[list].index(of: key) {
      let old = lists[list].members[index]
      var member = old
      let wasArchived = member.status == .archived
      // An archived contact comes back with the status of a new one.
      let wanted = fields["status"] ?? (wasArchived ? fields[statusField] : nil)
      try Self.change(&member, to: wanted?.text)
      if let email, Member.id(of: email) != member.id {
        guard lists[list].index(of: email) == nil else {
          throw .invalid("email_address", "\(email) is already used.")
        }
        member.rename(to: email)
      }
      Self.fill(&member, fields, known: lists[list].defaultMergeValues)
      member.lastChanged = call.now
      lists[list].members[index] = member
      tellChange(from: old, to: member, list: list, at: call.now)
      return index
    }
    guard let email,
      let status = (fields[statusField] ?? fields["status"])?.text.flatMap(Member.Status.init(rawValue:))
    else { throw .notFound }
    guard lists[list].index(of: email) == nil else {
      throw MailchimpProblem(
        status: 400, title: "Member Exists",
        detail: "\(email) is already a list member. Use PUT to insert or update list members.")
    }
    // Someone who was deleted for good can only be asked again, by a confirmation e-mail.
    guard status == .pending || !lists[list].forgotten.contains(Member.id(of: email)) else {
      throw MailchimpProblem(
        status: 400, title: "Forgotten Email Not Subscribed",
        detail:
          "\(email) was permanently deleted and cannot be re-imported. The contact must re-subscribe to get "
          + "back on the list.")
    }
    lists[list].forgotten.remove(Member.id(of: email))
    var member = Member(
      email: email, status: status, at: call.now, source: "API - Generic", identifiers: &identifiers)
    member.mergeFields = lists[list].defaultMergeValues
    member.fields["interests"] = .object(known)
    Self.fill(&member, fields, known: member.mergeFields)
    lists[list].members.append(member)
    let index = lists[list].members.count - 1
    addTags(tags, to: index, list: list, at: call.now)
    if status == .subscribed { tell(.subscribed, of: member, list: list, source: "api", at: call.now) }
    return index
  }

  /// Tells webhooks what a request changed.
  private mutating func tellChange(from old: Member, to new: Member, list: Int, at now: SandboxInstant) {
    if old.id != new.id {
      let notice = MemberNotice.renamed(oldEmail: old.email, oldID: old.uniqueEmailID)
      tell(notice, of: new, list: list, source: "api", at: now)
    }
    if old.status != new.status {
      switch new.status {
      case .subscribed: tell(.subscribed, of: new, list: list, source: "api", at: now)
      case .unsubscribed:
        tell(
          .unsubscribed(reason: "manual", campaign: nil), of: new, list: list, source: "api", at: now)
      default: break
      }
    } else if old.mergeFields != new.mergeFields || old.fields["interests"] != new.fields["interests"] {
      tell(.changed, of: new, list: list, source: "api", at: now)
    }
  }

  private static func change(_ member: inout Member, to text: String?) throws(MailchimpProblem) {
    guard let status = text.flatMap(Member.Status.init(rawValue:)), status != member.status else { return }
    if status == .subscribed, member.mayNotBeResubscribed || member.status == .cleaned {
      throw MailchimpProblem(
        status: 400, title: "Member In Compliance State",
        detail:
          "\(member.email) is in a compliance state due to unsubscribe, bounce, or compliance review and "
          + "cannot be subscribed.")
    }
    member.status = status
    member.unsubscribeReason = status == .unsubscribed ? "N/A (Unsubscribed by admin)" : nil
  }

  /// - Parameter known: the audience's merge fields; others are dropped without a word.
  private static func fill(
    _ member: inout Member, _ fields: [String: JSONValue], known: [String: JSONValue]
  ) {
    for (name, value) in fields["merge_fields"]?.members ?? [:] where known[name] != nil {
      member.mergeFields[name] = value
    }
    if let interests = fields["interests"]?.members {
      member.fields["interests"] = (member.fields["interests"] ?? [:]).merging(interests)
    }
    func time(_ name: String) -> SandboxInstant? { fields[name]?.text.flatMap(SandboxInstant.init(iso8601:)) }
    if let signup = time("timestamp_signup") { member.fields["timestamp_signup"] = .string(signup.iso8601) }
    if let opt = time("timestamp_opt") { member.timestampOpt = opt }
    let plain = ["email_type", "language", "vip", "location", "marketing_permissions", "ip_signup", "ip_opt"]
    for name in plain { if let value = fields[name] { member.fields[name] = value } }
  }

  private func checkMergeFields(
    _ fields: [String: JSONValue], list: Int, isNew: Bool
  ) throws(MailchimpProblem) {
    let values = fields["merge_fields"]?.members ?? [:]
    var errors: [MailchimpProblem.FieldProblem] = []
    for field in lists[list].mergeFields.sorted(by: { $0.tag < $1.tag }) {
      let isMissing = isNew && field.isRequired && values[field.tag] == nil
      guard let value = isMissing ? .string("") : values[field.tag],
        let complaint = field.complaint(about: value)
      else { continue }
      errors.append(.init(field: field.tag, message: complaint))
    }
    guard errors.isEmpty else {
      throw MailchimpProblem(
        status: 400, title: MailchimpProblem.invalidResource, detail: "Your merge fields were invalid.",
        errors: errors)
    }
  }
}
