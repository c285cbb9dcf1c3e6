import ConnectorKit

/// Mailchimp's Marketing API 3.0: audiences, members, campaigns, their reports, and what belongs to them.
enum Mailchimp: Connector {
  static let id = "mailchimp"
  static let version = "1.0.0"

  static var operations: [Operation] { return declared.map(\.operation) + written }

  /// What is one request each.
  static var declared: [ResourceAction] {
    AudienceActions.all + MemberActions.all + CampaignActions.all + Library.all + Reports.all + Batches.all
  }

  /// What takes more than that.
  @OperationsBuilder private static var written: [Operation] {
    Action("account.read") { (_: NoInput, context) in try await Account.read(context) }
    Action("audience.list") { (input: AudienceListInput, context) in
      try await AudienceList.read(input, context)
    }
    Action("audience.read") { (input: AudienceInput, context) in try await Audience.read(input, context) }
    Action("batch.run") { (input: JSONValue, context) in try await BatchRun(input, context).run() }
    Action("campaign.cancel", CampaignTransition.cancel.run)
    Action("campaign.create") { (input: JSONValue, context) in
      try await CampaignPublication(CampaignPlan(draft: input), context).makeDraft()
    }
    Action("campaign.delete", CampaignRemoval.run)
    Action("campaign.pause", CampaignTransition.pause.run)
    Action("campaign.publish") { (input: JSONValue, context) in
      try await CampaignPublication(CampaignPlan(input), context).run()
    }
    Action("campaign.resume", CampaignTransition.resume.run)
    Action("campaign.schedule", CampaignScheduling.run)
    Action("campaign.send") { (input: JSONValue, context) in
      switch try CampaignSendInput(input) {
      case .existing(let id): try await CampaignDelivery.send(id, context)
      case .whole(let campaign): try await CampaignPublication(CampaignPlan(campaign), context).run()
      }
    }
    Action("campaign.unschedule", CampaignTransition.unschedule.run)
    Action("file.upload", FileUpload.run)
    Action("member.add", MemberStanding.add)
    Action("member.archive", MemberStanding.archive)
    Action("member.bulk", BulkMembers.store)
    Action("ping") { (_: NoInput, context) in try await Ping.read(context) }
    Action("report.part", Reports.part)
    Action("segment.members.update", SegmentMembers.update)
    Sync("campaign.reports", ReportSync.read)
    Health(HealthCheck.run)
  }
}

/// The input of an action that needs none.
struct NoInput: Decodable {}
