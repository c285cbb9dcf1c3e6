import ConnectorKit

/// Mailchimp's own scheduling of a campaign that is there.
enum CampaignScheduling {
  private static let fields: [Field] = [
    Field("scheduleAt", at: "schedule_time").required, Field("timewarp", .flag),
    Field(
      "batchDelivery",
      .object([
        Field("delay", at: "batch_delay", .integer).required,
        Field("count", at: "batch_count", .integer).required,
      ])),
  ]

  static func run(_ input: JSONValue, _ context: OperationContext) async throws -> Campaign.Output {
    let id = try CampaignTransition.id(input)
    let body = try fields.write(input)
    let time = try ScheduleTime(body["schedule_time"]?.text ?? "")
    if body["timewarp"] == true, body["batch_delivery"] != nil {
      throw Field.refusal("/batchDelivery", "does not go together with timewarp")
    }
    let api = API(context, subject: "/campaignId")
    func isAsked(_ campaign: Campaign) -> Bool {
      campaign.send_time.flatMap(MailchimpTime.parse) == time.date
    }
    let campaign: Campaign = try await api.get("/campaigns/\(id)")
    if campaign.status == "schedule" {
      if isAsked(campaign) { return campaign.output(reconciled: true) }
      throw OperationError(
        .invalidState, "the campaign is scheduled for \(campaign.send_time ?? "another time")",
        userMessage: "This campaign is scheduled for another time. Unschedule it first.",
        pointer: "/scheduleAt")
    }
    try time.requireAhead(of: try context.now)
    let checklist: SendChecklist = try await api.get("/campaigns/\(id)/send-checklist")
    try checklist.requireReady(id)
    return try await CampaignTransition.schedule.run(
      id, api, body: body.adding("schedule_time", .string(time.text)), isAsked: isAsked)
  }
}
