import ConnectorKit

/// Moves a campaign to another state, which it may have reached already.
struct CampaignTransition {
  /// The last part of `POST /campaigns/{id}/actions/…`.
  let action: String
  /// Statuses that mean it is done; the first is what is told where the platform does not show it yet.
  let ends: [String]

  static let unschedule = Self(action: "unschedule", ends: ["save"])
  static let cancel = Self(action: "cancel-send", ends: ["canceling", "canceled"])
  static let pause = Self(action: "pause", ends: ["paused"])
  static let resume = Self(action: "resume", ends: ["sending"])
  static let schedule = Self(action: "schedule", ends: ["schedule"])

  func run(_ input: JSONValue, _ context: OperationContext) async throws -> Campaign.Output {
    try await run(try Self.id(input), API(context, subject: "/campaignId"))
  }

  static func id(_ input: JSONValue) throws(OperationError) -> Identifier {
    guard let id = input["campaignId"]?.text.flatMap(Identifier.init) else {
      throw Field.refusal("/campaignId", "is not an id of Mailchimp's")
    }
    return id
  }

  /// - Parameters:
  ///   - body: what the order says besides.
  ///   - isAsked: whether the end that was reached is the one that was asked for.
  func run(
    _ id: Identifier, _ api: API, body: JSONValue? = nil, isAsked: (Campaign) -> Bool = { _ in true }
  ) async throws -> Campaign.Output {
    let url = "/campaigns/\(id)"
    func reached() async throws -> Campaign.Output? {
      let current: Campaign = try await api.get(url)
      guard ends.contains(current.status ?? ""), isAsked(current) else { return nil }
      return current.output(reconciled: true)
    }
    func order() async throws {
      try await api.order("\(url)/actions/\(action)", body: try body.map { .json(try StableJSON.encode($0)) })
    }
    do {
      try await order()
    } catch let error as OperationError where error.code == .unknownOutcome {
      if let output = try await error.settled(by: reached) { return output }
      do {
        try await order()
      } catch let second as OperationError where second.isRefusal || second.code == .unknownOutcome {
        guard let output = try await error.settled(by: reached) else { throw error }
        return output
      }
    } catch let error as OperationError where error.isRefusal {
      guard let output = try await reached() else { throw error }
      return output
    }
    return await report(id, url, api)
  }

  /// The order is done, so that failing to read what became of it changes nothing.
  private func report(_ id: Identifier, _ url: String, _ api: API) async -> Campaign.Output {
    let current: Campaign? = try? await api.get(url)
    var output =
      current?.output(reconciled: false) ?? Campaign.Output(campaignId: id, status: "", reconciled: false)
    if !ends.contains(output.status) { output.status = ends[0] }
    return output
  }
}
