internal import ConnectorModel

// `POST /campaigns/{id}/actions/…`.
extension Mailchimp {
  private static let quarterHourSeconds: Int64 = 900
  private static let schedule = ObjectSchema(
    [
      "schedule_time": .time, "timewarp": .boolean,
      "batch_delivery": .object(
        ObjectSchema(
          ["batch_delay": .integer, "batch_count": .integer], required: ["batch_delay", "batch_count"])),
    ], required: ["schedule_time"])
  private static let test = ObjectSchema(
    ["test_emails": .array(of: .string), "send_type": .choice(["html", "plaintext"])],
    required: ["test_emails", "send_type"])

  private static let resend = ObjectSchema([
    "shortcut_type": .choice(["to_non_openers", "to_new_subscribers", "to_non_clickers"])
  ])

  mutating func act(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try campaignIndex(call)
    switch call.parameter("action") {
    case "send": try send(index, call)
    case "schedule": try schedule(index, call)
    case "unschedule": try unschedule(index)
    case "test": try sendTest(index, call)
    case "cancel-send": try cancelSend(index, call)
    case "pause": try turnFeed(index, isPaused: true)
    case "resume": try turnFeed(index, isPaused: false)
    case "replicate": return campaignAnswer(copy(index, at: call.now), call)
    case "create-resend": return campaignAnswer(try resend(index, call), call)
    default: throw .invalidAction("The action requested was not valid for this resource.")
    }
    return .nothing
  }

  private mutating func send(_ index: Int, _ call: MailchimpCall) throws(MailchimpProblem) {
    let status = campaigns[index].stage.status(at: call.now)
    guard status == "save" else {
      throw .invalidAction("A campaign with the status \"\(status)\" cannot be sent.")
    }
    try checkReady(index)
    if campaigns[index].type == "rss" {
      campaigns[index].stage = .feed(isPaused: false)
    } else {
      startSending(index, at: call.now)
    }
  }

  private mutating func schedule(_ index: Int, _ call: MailchimpCall) throws(MailchimpProblem) {
    let status = campaigns[index].stage.status(at: call.now)
    guard status == "save" else {
      throw .invalidAction("A campaign with the status \"\(status)\" cannot be scheduled.")
    }
    try call.user.requirePaidPlan(for: "scheduling")
    let fields = try call.resource(Self.schedule)
    guard let time = fields["schedule_time"]?.text.flatMap(SandboxInstant.init(iso8601:)) else {
      throw .invalid("schedule_time", "Please enter a valid ISO 8601 date and time.")
    }
    guard time.milliseconds % (Self.quarterHourSeconds * 1000) == 0 else {
      throw .invalid(
        "schedule_time", "Campaigns may only be scheduled to send on the quarter-hour (:00, :15, :30, :45).")
    }
    guard time > call.now else { throw .invalid("schedule_time", "The time must be in the future.") }
    if fields["timewarp"] == true, fields["batch_delivery"] != nil {
      throw .invalid("batch_delivery", "Batch delivery cannot be used with timewarp.")
    }
    if fields["timewarp"] == true, time < call.now.advanced(byMilliseconds: 86_400_000) {
      throw .invalid("schedule_time", "With timewarp the time must be at least 24 hours ahead.")
    }
    try checkReady(index)
    campaigns[index].stage = .scheduled(time)
  }

  private mutating func unschedule(_ index: Int) throws(MailchimpProblem) {
    guard case .scheduled = campaigns[index].stage else {
      throw .invalidAction("This campaign is not scheduled.")
    }
    campaigns[index].stage = .save
  }

  private mutating func sendTest(_ index: Int, _ call: MailchimpCall) throws(MailchimpProblem) {
    try call.user.requirePaidPlan(for: "test e-mails")
    let fields = try call.resource(Self.test)
    let addresses = (fields["test_emails"]?.elements ?? []).compactMap(\.text)
    guard !addresses.isEmpty, addresses.allSatisfy(Member.isAddress) else {
      throw .invalid("test_emails", "Please enter at least one valid email address.")
    }
    guard campaigns[index].content != nil else {
      throw .badRequest("A test cannot be sent: the campaign has no content.")
    }
    testSends.append(
      MailchimpTestSend(
        campaignID: campaigns[index].id, addresses: addresses, kind: fields["send_type"]?.text ?? ""))
  }

  private mutating func cancelSend(_ index: Int, _ call: MailchimpCall) throws(MailchimpProblem) {
    try call.user.requirePaidPlan(for: "cancelling a sending")
    guard case .sending(let since, let recipients) = campaigns[index].stage,
      campaigns[index].stage.status(at: call.now) == "sending"
    else { throw .invalidAction("This campaign is not sending.") }
    campaigns[index].stage = .canceled(
      since: call.now, sendingSince: since, delivered: campaigns[index].stage.emailsSent(at: call.now),
      recipients: recipients)
  }

  /// Pause and resume exist for RSS campaigns alone.
  private mutating func turnFeed(_ index: Int, isPaused: Bool) throws(MailchimpProblem) {
    guard case .feed(let wasPaused) = campaigns[index].stage, wasPaused != isPaused else {
      throw .invalidAction(
        "Only an RSS-Driven campaign that is \(isPaused ? "sending" : "paused") can do this.")
    }
    campaigns[index].stage = .feed(isPaused: isPaused)
  }

  private mutating func copy(_ index: Int, at now: SandboxInstant) -> Campaign {
    let original = campaigns[index]
    var copy = Campaign(
      id: identifiers.short(), webID: identifiers.webID(), type: original.type, createTime: now,
      fields: original.fields)
    copy.content = original.content
    let title = original.title.isEmpty ? "(copy 01)" : "\(original.title) (copy 01)"
    copy.fields["settings"] = (original.fields["settings"] ?? [:]).merging(["title": .string(title)])
    campaigns.append(copy)
    return copy
  }

  private mutating func resend(_ index: Int, _ call: MailchimpCall) throws(MailchimpProblem) -> Campaign {
    // The body may be missing; PHP writes an empty one as [].
    if call.body?.members != nil { _ = try call.resource(Self.resend) }
    guard campaigns[index].stage.status(at: call.now) == "sent" else {
      throw .invalidAction("Only a campaign that was sent can be resent.")
    }
    let parent = campaigns[index].id
    var copy = copy(index, at: call.now)
    copy.parentID = parent
    campaigns[campaigns.count - 1] = copy
    return copy
  }

  private func checkReady(_ index: Int) throws(MailchimpProblem) {
    let failures = checklistItems(of: campaigns[index]).filter { $0.kind == .error }
    guard failures.isEmpty else {
      throw .badRequest(
        "Your Campaign is not ready to send.",
        errors: failures.map { .init(field: $0.heading, message: $0.details) })
    }
  }
}
