import ConnectorKit

/// Removes a campaign that is not being sent; one that is scheduled is unscheduled first.
enum CampaignRemoval {
  static func run(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    let id = try CampaignTransition.id(input)
    let api = API(context, subject: "/campaignId")
    let url = "/campaigns/\(id)"
    let wasFound = try await api.gone(url) {
      let campaign: Campaign = try await api.get(url)
      if campaign.status == "schedule" { _ = try await CampaignTransition.unschedule.run(id, api) }
      _ = try await api.send("DELETE", url, nil)
    }
    return ["deleted": true, "found": .bool(wasFound)]
  }
}
