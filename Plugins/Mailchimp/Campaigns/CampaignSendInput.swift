import ConnectorKit

/// The input of `campaign.send`: a campaign that is there, or one to be made first.
enum CampaignSendInput {
  case existing(Identifier)
  case whole(JSONValue)

  /// - Throws: `OperationError` with code `invalidInput` for a `campaignId` that is none or does not stand alone.
  init(_ input: JSONValue) throws(OperationError) {
    guard let given = input["campaignId"] else {
      self = .whole(input)
      return
    }
    // Ignoring a member such as `scheduleAt` would send at the wrong time.
    guard let id = given.text.flatMap(Identifier.init), case .object(let members) = input, members.count == 1
    else { throw Field.refusal("/campaignId", "is not an id of Mailchimp's that stands alone") }
    self = .existing(id)
  }
}
