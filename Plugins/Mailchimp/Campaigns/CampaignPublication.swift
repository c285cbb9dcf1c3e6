import ConnectorKit
import FoundationEssentials

/// One publishing: create, fill, check, send.
///
/// Whatever outcome is unknown is looked up before anything is done again, so that no campaign is sent twice.
struct CampaignPublication {
  private let plan: CampaignPlan
  private let marker: CampaignMarker
  private let api: API

  /// How much older than this operation its campaign may seem: clocks differ.
  private static let clockSkew = 3600.0
  /// How long ago an earlier attempt may have made the campaign, where the host does not say when it was ordered.
  private static let attemptsSpan = 7 * 86_400.0

  init(_ plan: CampaignPlan, _ context: OperationContext) throws {
    self.plan = plan
    marker = try CampaignMarker(context)
    api = API(context)
  }

  func run() async throws -> Campaign.Output {
    let search = CampaignSearch(
      marker: marker, since: try api.context.now.addingTimeInterval(-Self.clockSkew), api: api)
    if api.context.mustReconcile, let earlier = try await findEarlier() {
      return try await earlier.id.naming { try await resume(earlier) }
    }
    try requireTimeLeft()
    let (campaign, isAdopted) = try await create(search, triesLeft: 2)
    return try await campaign.id.naming { try await finish(campaign, isAdopted: isAdopted) }
  }

  /// Makes the draft and leaves it empty.
  func makeDraft() async throws -> Campaign.Output {
    if api.context.mustReconcile, let earlier = try await findEarlier() {
      return earlier.output(reconciled: true)
    }
    let search = CampaignSearch(
      marker: marker, since: try api.context.now.addingTimeInterval(-Self.clockSkew), api: api)
    let (campaign, isAdopted) = try await create(search, triesLeft: 2)
    return campaign.output(reconciled: isAdopted)
  }

  // MARK: Creating

  private func create(
    _ search: CampaignSearch, triesLeft: Int
  ) async throws -> (campaign: Campaign, isAdopted: Bool) {
    do {
      return (try await createOnce(), false)
    } catch let error as OperationError where error.code == .unknownOutcome {
      if let found = try await error.settled(by: { try await search.find() }) { return (found, true) }
      guard triesLeft > 1 else { throw error }
      return try await create(search, triesLeft: triesLeft - 1)
    }
  }

  private func createOnce() async throws -> Campaign {
    let answer = try await api.post("/campaigns", plan.creation(marker))
    do {
      return try answer.json()
    } catch let error as OperationError {
      throw OperationError(
        .unknownOutcome, "POST /campaigns: \(error.message)", retry: .unknownOutcome,
        httpStatus: answer.status)
    }
  }

  // MARK: An earlier attempt

  private func findEarlier() async throws -> Campaign? {
    guard !api.context.idempotencyKey.isEmpty else {
      throw OperationError(
        .unknownOutcome,
        "an earlier attempt may have made the campaign, and without an idempotency key it cannot be found; "
          + "look in Mailchimp before publishing again", retry: .unknownOutcome)
    }
    let since =
      try api.context.orderedAt?.addingTimeInterval(-Self.clockSkew)
      ?? api.context.now.addingTimeInterval(-Self.attemptsSpan)
    guard let found = try await CampaignSearch(marker: marker, since: since, api: api).find() else {
      return nil
    }
    // The listing may lag behind; what the campaign says itself decides.
    return try await found.id.naming { try await api.get("/campaigns/\(found.id)") }
  }

  private func resume(_ campaign: Campaign) async throws -> Campaign.Output {
    let delivery = CampaignDelivery(campaign: campaign, departure: plan.departure, api: api)
    return try await delivery.proceed {
      try requireTimeLeft()
      return try await finish(campaign, isAdopted: true)
    }
  }

  // MARK: Filling and sending

  private func finish(_ campaign: Campaign, isAdopted: Bool) async throws -> Campaign.Output {
    try await fill(campaign.id)
    return try await CampaignDelivery(campaign: campaign, departure: plan.departure, api: api)
      .run(isAdopted: isAdopted)
  }

  /// The same content again changes nothing, so an unknown outcome is met by putting it once more.
  private func fill(_ id: Identifier) async throws {
    let url = "/campaigns/\(id)/content"
    do {
      _ = try await api.put(url, plan.content)
    } catch let error as OperationError where error.code == .unknownOutcome {
      _ = try await api.put(url, plan.content)
    }
  }

  private func requireTimeLeft() throws {
    if case .at(let time) = plan.departure { try time.requireAhead(of: try api.context.now) }
  }
}
