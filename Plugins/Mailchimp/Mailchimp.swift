import ConnectorKit

/// Mailchimp's Marketing API 3.0: audiences, their members, and campaigns that are sent once.
enum Mailchimp: Connector {
  static let id = "mailchimp"
  static let version = "1.0.0"

  static var operations: [Operation] {
    Action("account.read") { (_: NoInput, context) in try await Account.read(context) }
    Action("audience.list") { (input: AudienceListInput, context) in
      try await AudienceList.read(input, context)
    }
    Action("audience.read") { (input: AudienceInput, context) in try await Audience.read(input, context) }
    Action("member.upsert") { (input: MemberInput, context) in try await Member.upsert(input, context) }
    Action("campaign.publish") { (input: CampaignInput, context) in
      try await CampaignPublication(input, context).run()
    }
    Action("campaign.send") { (input: CampaignSendInput, context) in
      switch input {
      case .existing(let id): try await CampaignDelivery.send(id, context)
      case .whole(let campaign): try await CampaignPublication(campaign, context).run()
      }
    }
    Action("ping") { (_: NoInput, context) in try await Ping.read(context) }
    Health(HealthCheck.run)
  }
}

/// The input of an action that needs none.
struct NoInput: Decodable {}
