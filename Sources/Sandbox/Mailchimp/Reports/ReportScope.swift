internal import ConnectorModel

/// One sent campaign with the reactions to it: what every route under `/reports/{id}` needs.
struct ReportScope {
  let campaign: Campaign
  let reaction: Engagement
  let list: Audience?
  let call: MailchimpCall

  var path: String { "/reports/\(campaign.id)" }

  /// What every entry about one recipient has.
  func person(_ member: Member) -> [String: JSONValue] {
    let current = list.flatMap { list in list.index(of: member.id).map { list.members[$0] } }
    return [
      "campaign_id": .string(campaign.id), "list_id": .string(campaign.listID),
      "list_is_active": .bool(list != nil), "contact_status": .string(current?.status.rawValue ?? "deleted"),
      "email_id": .string(member.id), "email_address": .string(member.email),
      "merge_fields": .object(member.mergeFields), "vip": member.fields["vip"] ?? false,
    ]
  }

  /// A collection of this report; its `_links` and `campaign_id` are there.
  func collection(
    _ name: String, _ items: [JSONValue], like example: JSONValue, at place: String, schema: String,
    extra: [String: JSONValue] = [:]
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    try call.collection(
      name, items, like: example, at: path + "/" + place, schema: "Reports/" + schema,
      extra: extra.merging(["campaign_id": .string(campaign.id)]) { old, _ in old })
  }

  /// The item for the recipient whom the path names.
  ///
  /// - Throws: not found for somebody who is not among them.
  func single(
    _ reactions: [Engagement.Reaction], schema: String, _ body: (Engagement.Reaction) -> JSONValue
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    let key = call.parameter("member")
    let id = key.contains("@") ? Member.id(of: key) : key.lowercased()
    guard let found = reactions.first(where: { $0.recipient.id == id }) else { throw .notFound }
    return .body(body(found), schema: "Reports/" + schema)
  }

  /// A reaction with everything that one can have, for `fields`.
  static func example(_ now: SandboxInstant) -> Engagement.Reaction {
    var identifiers = MailchimpIdentifiers(seed: 0)
    let member = Member(
      email: "a@b.example", status: .subscribed, at: now, source: "", identifiers: &identifiers)
    var example = Engagement.Reaction(recipient: member, sent: now)
    example.opens = [now]
    example.clicks = [.init(time: now, link: 0)]
    return example
  }
}

extension Mailchimp {
  func scope(_ call: MailchimpCall) throws(MailchimpProblem) -> ReportScope {
    let campaign = campaigns[try campaignIndex(call)]
    guard campaign.stage.sendStart != nil else { throw .notFound }
    return ReportScope(
      campaign: campaign, reaction: engagement(of: campaign, at: call.now), list: audience(of: campaign),
      call: call)
  }
}
