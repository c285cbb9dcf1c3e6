internal import ConnectorModel

// What happened to an audience, day by day.
extension Mailchimp {
  private static let days = 180
  private static let dayMs: Int64 = 86_400_000

  func listActivity(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let sent = campaigns.filter { $0.listID == list.id && $0.stage.sendStart != nil }
    let reactions = sent.flatMap { engagement(of: $0, at: call.now).reactions }
    let today = call.now.milliseconds / Self.dayMs
    let first = max(today - Int64(Self.days) + 1, list.dateCreated.milliseconds / Self.dayMs)
    let bodies = (first...max(first, today)).reversed().map { day in
      Self.activity(on: day, of: list, reactions)
    }
    return try call.collection(
      "activity", bodies, like: Self.activity(on: today, of: list, []), at: "/lists/\(list.id)/activity",
      schema: "Lists/Activity", extra: ["list_id": .string(list.id)])
  }

  private static func activity(
    on day: Int64, of list: Audience, _ reactions: [Engagement.Reaction]
  ) -> JSONValue {
    func falls(_ time: SandboxInstant?) -> Bool { time.map { $0.milliseconds / dayMs == day } ?? false }
    let start = SandboxInstant(milliseconds: day * dayMs)
    let fated = reactions.filter { falls($0.fate?.time) }
    return [
      "day": .string(String(start.iso8601.prefix(10))),
      "emails_sent": .number(reactions.count { falls($0.sent) }),
      "unique_opens": .number(reactions.count { falls($0.opens.first) }),
      "recipient_clicks": .number(reactions.count { falls($0.clicks.first?.time) }),
      "hard_bounce": .number(fated.count { $0.hasMet(.hardBounce) }),
      "soft_bounce": .number(fated.count { $0.hasMet(.softBounce) }),
      "subs": .number(list.members.count { $0.status == .subscribed && falls($0.timestampOpt) }),
      "unsubs": .number(list.members.count { $0.status == .unsubscribed && falls($0.lastChanged) }),
      "other_adds": 0,
      "other_removes": .number(list.members.count { $0.status == .archived && falls($0.lastChanged) }),
    ]
  }
}
