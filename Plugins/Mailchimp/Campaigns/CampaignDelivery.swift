import ConnectorKit

/// Checks a filled campaign, then sends or schedules it, once.
struct CampaignDelivery {
  let campaign: Campaign
  let departure: CampaignPlan.Departure
  let api: API

  private var url: String { "/campaigns/\(campaign.id)" }

  /// Sends a campaign that is there; one that was sent already is a success.
  static func send(_ id: Identifier, _ context: OperationContext) async throws -> Campaign.Output {
    let api = API(context, subject: "/campaignId")
    let campaign: Campaign = try await api.get("/campaigns/\(id)")
    let delivery = CampaignDelivery(campaign: campaign, departure: .now, api: api)
    return try await id.naming { try await delivery.proceed { try await delivery.run(isAdopted: false) } }
  }

  /// Goes on with a campaign that was found, unless it needs nothing more.
  ///
  /// In a later attempt a refusal counts only when the campaign still has not departed: the order of an earlier
  /// attempt may show late.
  func proceed(_ body: () async throws -> Campaign.Output) async throws -> Campaign.Output {
    if let output = try standing { return output }
    do {
      return try await body()
    } catch let error as OperationError where error.isRefusal && api.context.mustReconcile {
      guard try await hasDeparted(looks: 2, because: error) else { throw error }
      return await report(reconciled: true)
    }
  }

  func run(isAdopted: Bool) async throws -> Campaign.Output {
    let checklist: SendChecklist = try await api.get("\(url)/send-checklist")
    try checklist.requireReady(campaign.id)
    let wasFoundDeparted = departure == .draft ? false : try await depart()
    return await report(reconciled: isAdopted || wasFoundDeparted)
  }

  // MARK: Departing

  /// Whether the campaign's own status says that it departed, and not the answer to the order.
  ///
  /// - Parameter unknown: the outcome of an order before this one; what becomes of this one does not settle it.
  private func depart(after unknown: OperationError? = nil) async throws -> Bool {
    do {
      try await order()
      return false
    } catch let error as OperationError where error.code == .unknownOutcome {
      if try await hasDeparted(looks: 2, because: error) { return true }
      guard unknown == nil else { throw error }
      return try await depart(after: error)
    } catch let error as OperationError where error.isRefusal {
      // Mailchimp also refuses what is being sent already.
      if try await hasDeparted(looks: unknown == nil ? 1 : 2, because: unknown ?? error) { return true }
      throw unknown ?? error
    }
  }

  private func order() async throws {
    guard case .at(let time) = departure else { return try await api.order("\(url)/actions/send") }
    try await api.order(
      "\(url)/actions/schedule", body: .json(try StableJSON.encode(["schedule_time": time.text])))
  }

  /// - Parameter looks: how often, 2 seconds apart, a campaign that seems not to have departed is read.
  /// - Throws: `error` when the campaign cannot be read, or somebody stopped it.
  private func hasDeparted(looks: Int, because error: OperationError) async throws -> Bool {
    for look in 1...looks {
      if look > 1 { try await api.context.sleep(for: .seconds(2)) }
      let current: Campaign = try await error.settled { try await api.get(url) }
      switch current.phase {
      case .departed: return true
      case .stopped: throw error
      case .ready: continue
      }
    }
    return false
  }

  // MARK: Reporting

  /// The outcome of a campaign that needs nothing more; nil when it may still be sent.
  ///
  /// - Throws: `OperationError` with code `invalidState` when somebody stopped it.
  private var standing: Campaign.Output? {
    get throws {
      switch campaign.phase {
      case .ready: return nil
      case .departed: return output(of: campaign, reconciled: true)
      case .stopped:
        throw OperationError(
          .invalidState, "the status is \(campaign.status ?? "missing"), so the campaign is not sent",
          userMessage: "This campaign was stopped in Mailchimp. Send it there, or publish a new one.")
      }
    }
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

  private func output(of current: Campaign, reconciled: Bool) -> Campaign.Output {
    // Right after the order a campaign may still be shown as ready.
    let status = current.phase == .ready ? orderedStatus : current.status ?? orderedStatus
    return Campaign.Output(
      campaignId: campaign.id, webId: current.web_id ?? campaign.web_id, status: status,
      archiveUrl: current.archive_url ?? campaign.archive_url,
      scheduledFor: status == "schedule" ? scheduledTime(current) : nil, reconciled: reconciled)
  }

  private var orderedStatus: String {
    switch departure {
    case .draft: "save"
    case .now: "sending"
    case .at: "schedule"
    }
  }

  private func scheduledTime(_ current: Campaign) -> String? {
    if let time = current.send_time, !time.isEmpty { return time }
    guard case .at(let time) = departure else { return nil }
    return time.text
  }
}
