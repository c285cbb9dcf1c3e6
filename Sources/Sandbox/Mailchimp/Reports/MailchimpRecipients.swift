internal import ConnectorModel

// What became of each recipient: sent to, activity, unsubscribed, complaints.
extension Mailchimp {
  func sentTo(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.collection(
      "sent_to", scope.reaction.reactions.map { Self.sent($0, scope) },
      like: Self.sent(ReportScope.example(call.now), scope), at: "sent-to", schema: "SentTo")
  }

  func sentToMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.single(scope.reaction.reactions, schema: "SentTo") { Self.sent($0, scope) }
  }

  private static func sent(_ reaction: Engagement.Reaction, _ scope: ReportScope) -> JSONValue {
    let status =
      switch reaction.fate?.kind {
      case .hardBounce: "hard"
      case .softBounce: "soft"
      default: "sent"
      }
    return .object(
      scope.person(reaction.recipient).merging([
        "status": .string(status), "open_count": .number(reaction.opens.count),
        "last_open": .string(reaction.opens.max()?.iso8601 ?? ""), "absplit_group": "", "gmt_offset": 0,
        "_links": [scope.call.relation("parent", scope.path + "/sent-to")],
      ]) { _, new in new })
  }

  func emailActivity(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let since = try call.time("since")
    let all = scope.reaction.reactions.map { Self.activity($0, scope, since: since) }
    // With `since` only those are shown who did something after it.
    let bodies = all.filter { since == nil || $0["activity"]?.elements?.isEmpty == false }
    return try scope.collection(
      "emails", bodies, like: Self.activity(ReportScope.example(call.now), scope, since: nil),
      at: "email-activity", schema: "EmailActivity")
  }

  func memberEmailActivity(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let since = try call.time("since")
    return try scope.single(scope.reaction.reactions, schema: "EmailActivity") {
      Self.activity($0, scope, since: since)
    }
  }

  private static func activity(
    _ reaction: Engagement.Reaction, _ scope: ReportScope, since: SandboxInstant?
  ) -> JSONValue {
    let links = scope.campaign.content?.links ?? []
    var entries: [(time: SandboxInstant, json: [String: JSONValue])] = []
    for time in reaction.opens { entries.append((time, ["action": "open", "ip": "127.0.0.1"])) }
    for click in reaction.clicks {
      let url = links.indices.contains(click.link) ? links[click.link] : ""
      entries.append((click.time, ["action": "click", "url": .string(url), "ip": "127.0.0.1"]))
    }
    if let fate = reaction.fate, fate.kind.isBounce {
      entries.append((fate.time, ["action": "bounce", "type": fate.kind == .hardBounce ? "hard" : "soft"]))
    }
    let shown = entries.filter { entry in since.map { entry.time > $0 } ?? true }
    let activity = shown.sorted { $0.time < $1.time }.map { entry -> JSONValue in
      .object(entry.json.merging(["timestamp": .string(entry.time.iso8601)]) { _, new in new })
    }
    var person = scope.person(reaction.recipient)
    for name in ["merge_fields", "vip", "contact_status"] { person[name] = nil }
    person["activity"] = .array(activity)
    person["_links"] = [
      scope.call.relation("self", scope.path + "/email-activity/\(reaction.recipient.id)")
    ]
    return .object(person)
  }

  func unsubscribed(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.collection(
      "unsubscribes", Self.leavers(scope).map { Self.leaver($0, scope) },
      like: Self.leaver(ReportScope.example(call.now), scope), at: "unsubscribed", schema: "Unsubscribed")
  }

  func unsubscribedMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.single(Self.leavers(scope), schema: "Unsubscribed") { Self.leaver($0, scope) }
  }

  private static func leavers(_ scope: ReportScope) -> [Engagement.Reaction] {
    scope.reaction.reactions.filter { $0.hasMet(.unsubscribe) || $0.hasMet(.complaint) }
  }

  private static func leaver(_ reaction: Engagement.Reaction, _ scope: ReportScope) -> JSONValue {
    let reason = reaction.hasMet(.complaint) ? "Campaign abuse report" : "None given"
    return .object(
      scope.person(reaction.recipient).merging([
        "timestamp": .string(reaction.fate?.time.iso8601 ?? ""), "reason": .string(reason),
        "_links": [scope.call.relation("parent", scope.path + "/unsubscribed")],
      ]) { _, new in new })
  }

  func abuseReports(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.collection(
      "abuse_reports", Self.complaints(scope),
      like: Self.complaint(0, ReportScope.example(call.now), scope), at: "abuse-reports",
      schema: "AbuseReports")
  }

  func abuseReport(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let id = Int64(try call.number("report"))
    guard let report = Self.complaints(scope).first(where: { $0["id"]?.integer == id }) else {
      throw .notFound
    }
    return .body(report, schema: "Reports/AbuseReports")
  }

  private static func complaints(_ scope: ReportScope) -> [JSONValue] {
    let found = scope.reaction.reactions.filter { $0.hasMet(.complaint) }
    return found.enumerated().map { complaint($0.offset + 1, $0.element, scope) }
  }

  private static func complaint(
    _ number: Int, _ reaction: Engagement.Reaction, _ scope: ReportScope
  ) -> JSONValue {
    .object(
      scope.person(reaction.recipient).merging([
        "id": .number(number), "date": .string(reaction.fate?.time.iso8601 ?? ""),
        "_links": [scope.call.relation("self", scope.path + "/abuse-reports/\(number)")],
      ]) { _, new in new })
  }
}
