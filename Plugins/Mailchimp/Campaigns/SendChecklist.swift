import ConnectorKit

/// Mailchimp's own verdict on whether a campaign can be sent.
struct SendChecklist: Decodable {
  struct Item: Codable {
    var type: String?
    var heading: String?
    var details: String?
  }

  struct Detail: Encodable {
    var campaignId: Identifier
    var checklist: [Item]
  }

  var is_ready: Bool
  var items: [Item]?

  /// - Throws: `OperationError` with code `policy` that lists what Mailchimp objects to.
  func requireReady(_ id: Identifier) throws {
    let errors = (items ?? []).filter { $0.type == "error" }
    if is_ready, errors.isEmpty { return }
    let headings = errors.compactMap(\.heading).joined(separator: "; ")
    let texts = errors.map { [$0.heading, $0.details].compactMap { $0 }.joined(separator: ": ") }
    throw OperationError(
      .policy, "the send checklist is not clear: \(headings.isEmpty ? "no reason given" : headings)",
      userMessage: "Mailchimp keeps the campaign as a draft until this is settled: "
        + texts.joined(separator: " "),
      platformCode: "send-checklist", detail: try StableJSON.encode(Detail(campaignId: id, checklist: errors))
    )
  }
}
