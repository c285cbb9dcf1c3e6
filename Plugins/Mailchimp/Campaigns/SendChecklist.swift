import ConnectorKit

/// Mailchimp's own verdict on whether a campaign can be sent.
struct SendChecklist: Decodable {
  struct Item: Decodable {
    var type: String?
    var heading: String?
    var details: String?
  }

  struct Finding: Encodable {
    var heading: String
    var details: String
  }

  struct Detail: Encodable {
    var campaignId: Identifier
    var checklist: [Finding]
  }

  var isReady: Bool
  var items: [Item]?

  enum CodingKeys: String, CodingKey {
    case items
    case isReady = "is_ready"
  }

  /// - Throws: `OperationError` with code `policy` that lists what Mailchimp objects to.
  func requireReady(_ id: Identifier) throws {
    let errors = (items ?? []).filter { $0.type == "error" }
    if isReady, errors.isEmpty { return }
    let findings = errors.map { Finding(heading: $0.heading ?? "", details: $0.details ?? "") }
    let headings = findings.map(\.heading).joined(separator: "; ")
    throw OperationError(
      .policy, "the send checklist is not clear: \(headings.isEmpty ? "no reason given" : headings)",
      userMessage: "Mailchimp keeps the campaign as a draft until this is settled: "
        + findings.map { "\($0.heading) \($0.details)" }.joined(separator: " "),
      platformCode: "send-checklist",
      detail: try StableJSON.encode(Detail(campaignId: id, checklist: findings)))
  }
}
