internal import ConnectorModel

// What webhooks are told, as PHP-style form fields.
extension Mailchimp {
  /// Something that happened to one member.
  enum MemberNotice {
    case subscribed
    case changed
    /// Left, by themselves or by somebody of the account.
    case unsubscribed(reason: String, campaign: String?)
    case deleted
    case cleaned(reason: String, campaign: String)
    case renamed(oldEmail: String, oldID: String)
  }

  /// - Parameter source: `user`, `admin` or `api`.
  mutating func tell(
    _ notice: MemberNotice, of member: Member, list: Int, source: String, at now: SandboxInstant
  ) {
    guard !lists[list].webhooks.isEmpty else { return }
    let person = Self.person(member, listID: lists[list].id)
    let listID = NamedText("data[list_id]", lists[list].id)
    switch notice {
    case .subscribed: post("subscribe", person, list: list, source: source, at: now)
    case .changed: post("profile", person, list: list, source: source, at: now)
    case .unsubscribed(let reason, let campaign):
      let extra = [NamedText("data[action]", "unsub"), NamedText("data[reason]", reason)]
      let from = campaign.map { [NamedText("data[campaign_id]", $0)] } ?? []
      post("unsubscribe", extra + person + from, list: list, source: source, at: now)
    case .deleted:
      let extra = [NamedText("data[action]", "delete"), NamedText("data[reason]", "manual")]
      post("unsubscribe", extra + person, list: list, source: source, at: now)
    case .cleaned(let reason, let campaign):
      let fields = [
        listID, NamedText("data[campaign_id]", campaign), NamedText("data[reason]", reason),
        NamedText("data[email]", member.email), NamedText("data[id]", member.uniqueEmailID),
      ]
      post("cleaned", fields, list: list, source: source, at: now)
    case .renamed(let oldEmail, let oldID):
      let fields = [
        listID, NamedText("data[new_id]", member.uniqueEmailID), NamedText("data[new_email]", member.email),
        NamedText("data[old_email]", oldEmail), NamedText("data[id]", oldID),
      ]
      post("upemail", fields, list: list, source: source, at: now)
    }
  }

  /// What a campaign's recipient did of their own accord.
  mutating func tell(
    _ fate: Fate, of member: Member, list: Int, campaign: String, at now: SandboxInstant
  ) {
    switch fate {
    case .softBounce: break
    case .hardBounce:
      tell(.cleaned(reason: "hard", campaign: campaign), of: member, list: list, source: "admin", at: now)
    case .unsubscribe:
      tell(
        .unsubscribed(reason: "manual", campaign: campaign), of: member, list: list, source: "user", at: now)
    case .complaint:
      tell(
        .unsubscribed(reason: "abuse", campaign: campaign), of: member, list: list, source: "user", at: now)
    }
  }

  /// A campaign was sent or cancelled.
  mutating func announce(_ campaign: Campaign, at now: SandboxInstant) {
    guard let list = lists.firstIndex(where: { $0.id == campaign.listID }) else { return }
    let isCanceled =
      if case .canceled = campaign.stage { true } else { false }
    let fields = [
      NamedText("data[id]", campaign.id), NamedText("data[subject]", campaign.setting("subject_line")),
      NamedText("data[status]", isCanceled ? "canceled" : "sent"), NamedText("data[reason]", ""),
      NamedText("data[list_id]", campaign.listID),
    ]
    post("campaign", fields, list: list, source: "admin", at: now)
  }

  private mutating func post(
    _ type: String, _ data: [NamedText], list: Int, source: String, at now: SandboxInstant
  ) {
    let body = Self.form(type, data, at: now)
    for hook in lists[list].webhooks where hook.wants(type, from: source) {
      outbox.add(hook: hook.id, url: hook.url, type: type, body: body, at: now)
    }
  }

  static func form(_ type: String, _ data: [NamedText], at now: SandboxInstant) -> [UInt8] {
    let firedAt = now.iso8601.prefix(19).map { $0 == "T" ? " " : String($0) }.joined()
    return Array(FormText.encode([NamedText("type", type), NamedText("fired_at", firedAt)] + data).utf8)
  }

  private static func person(_ member: Member, listID: String) -> [NamedText] {
    var fields = [
      NamedText("data[id]", member.uniqueEmailID), NamedText("data[email]", member.email),
      NamedText("data[email_type]", member.fields["email_type"]?.text ?? "html"),
      NamedText("data[ip_opt]", member.fields["ip_opt"]?.text ?? "127.0.0.1"),
      NamedText("data[ip_signup]", member.fields["ip_signup"]?.text ?? ""),
      NamedText("data[merges][EMAIL]", member.email),
    ]
    for (tag, value) in member.mergeFields.sorted(by: { $0.key < $1.key }) {
      if let parts = value.members {
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
          fields.append(NamedText("data[merges][\(tag)][\(name)]", part.text ?? ""))
        }
      } else {
        let text = value.text ?? value.integer.map(String.init) ?? ""
        fields.append(NamedText("data[merges][\(tag)]", text))
      }
    }
    return fields + [NamedText("data[list_id]", listID)]
  }
}
