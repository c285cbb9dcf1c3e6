import ConnectorKit

/// Checks a filled campaign, then sends or schedules it, once.
struct CampaignDelivery {
  let campaign: Campaign
  let departure: CampaignPlan.Departure
  let api: API

  private var url: String { "/campaigns/\(campaign.id)" }

  init(_ campaign: Campaign, _ departure: CampaignPlan.Departure, _ api: API) {
    self.campaign = campaign
    self.departure = departure
    self.api = api
  }

  /// Sends a campaign that is there; one that was sent already is a success.
  static func send(_ id: Identifier, _ context: OperationContext) async throws -> Campaign.Output {
    let api = API(context, subject: "/campaignId")
    let campaign: Campaign = try await api.get("/campaigns/\(id)")
    let delivery = CampaignDelivery(campaign, .now, api)
    switch campaign.phase {
    case .departed: return delivery.output(of: campaign, reconciled: true)
    case .stopped: throw delivery.stopped
    case .ready: return try await id.naming { try await delivery.run(isAdopted: false) }
    }
  }

  func run(isAdopted: Bool) async throws -> Campaign.Output {
    let checklist: SendChecklist = try await api.get("\(url)/send-checklist")
    try checklist.requireReady(campaign.id)
    let isFoundDeparted = departure == .draft ? false : try await depart(triesLeft: 2)
    return await report(reconciled: isAdopted || isFoundDeparted)
  }

  // MARK: Departing

  /// Whether the campaign's own status says that it departed, and not the answer to the request.
  private func depart(triesLeft: Int) async throws -> Bool {
    do {
      try await order()
      return false
    } catch let error as OperationError where error.code == .unknownOutcome {
      if try await hasDeparted(looks: 2, because: error) { return true }
      guard triesLeft > 1 else { throw error }
      return try await depart(triesLeft: triesLeft - 1)
    } catch let error as OperationError where Self.refusals.contains(error.code) {
      // Mailchimp refuses what is being sent already, be it by an earlier request that seemed lost.
      if try await hasDeparted(looks: 1, because: error) { return true }
      throw error
    }
  }

  private static let refusals: Set<OutcomeCode> = [.invalidInput, .invalidState, .conflict]

  private func order() async throws {
    guard case .at(let time) = departure else { return try await api.post("\(url)/actions/send") }
    _ = try await api.post("\(url)/actions/schedule", ["schedule_time": time.text])
  }

  /// - Parameter looks: how often, 2 seconds apart, a campaign that seems not to have departed is read.
  /// - Throws: `error` when the campaign cannot be read, or somebody stopped it.
  private func hasDeparted(looks: Int, because error: OperationError) async throws -> Bool {
    for look in 1...looks {
      if look > 1 { try await api.context.sleep(for: .seconds(2)) }
      switch try await phase(because: error) {
      case .departed: return true
      case .stopped: throw error
      case .ready: continue
      }
    }
    return false
  }

  private func phase(because error: OperationError) async throws -> Campaign.Phase {
    do {
      let current: Campaign = try await api.get(url)
      return current.phase
    } catch is OperationError {
      throw error
    }
  }

  // MARK: Reporting

  var stopped: OperationError {
    OperationError(
      .invalidState, "campaign \(campaign.id) is \(campaign.status ?? "without a status") and is not sent",
      userMessage: "This campaign was stopped in Mailchimp. Send it there, or publish a new one.")
  }

  /// What became of the campaign: the order is done, so that failing to read it changes nothing.
  private func report(reconciled: Bool) async -> Campaign.Output {
    do {
      return output(of: try await api.get(url), reconciled: reconciled)
    } catch {
      api.context.log.warning("campaign \(campaign.id) could not be read after it was ordered: \(error)")
      return output(of: campaign, reconciled: reconciled)
    }
  }

  func output(of current: Campaign, reconciled: Bool) -> Campaign.Output {
    // Right after the order a campaign may still be shown as ready.
    let status = current.phase == .ready ? orderedStatus : current.status ?? orderedStatus
    return Campaign.Output(
      campaignId: campaign.id, webId: current.webID ?? campaign.webID, status: status,
      archiveUrl: current.archiveURL ?? campaign.archiveURL,
      scheduledFor: status == "schedule" ? scheduledTime(current) : nil, reconciled: reconciled)
  }

  private var orderedStatus: String {
    switch departure {
    case .draft: "save"
    case .now: "sending"
    case .at: "schedule"
    }
  }

  /// Mailchimp writes an empty time where it knows none.
  private func scheduledTime(_ current: Campaign) -> String? {
    if let time = current.sendTime, !time.isEmpty { return time }
    guard case .at(let time) = departure else { return nil }
    return time.text
  }
}

extension Identifier {
  /// Makes every error of `body` name the campaign it left behind.
  func naming<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch var error as OperationError {
      error.message += "; the campaign is \(self)"
      if error.detail.isEmpty { error.detail = try StableJSON.encode(["campaignId": self]) }
      throw error
    }
  }
}
