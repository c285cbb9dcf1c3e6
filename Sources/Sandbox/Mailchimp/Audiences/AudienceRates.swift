internal import ConnectorModel

/// How an audience reacts to campaigns on average, as fractions.
struct AudienceRates: Sendable {
  var opens: JSONValue = 0
  var clicks: JSONValue = 0
}

extension Mailchimp {
  /// How many campaigns the rates look back at, so that their cost stays bounded.
  private static let rememberedCampaigns = 50

  func rates(of listID: String, at now: SandboxInstant) -> AudienceRates {
    let sent = campaigns.lazy.filter { $0.listID == listID && $0.stage.sendStart != nil }
    let reactions = sent.suffix(Self.rememberedCampaigns).map { self.engagement(of: $0, at: now) }
    let total = reactions.reduce(0) { $0 + $1.emailsSent }
    return AudienceRates(
      opens: .ratio(reactions.reduce(0) { $0 + $1.firstOpens.count }, of: total),
      clicks: .ratio(reactions.reduce(0) { $0 + $1.clickers }, of: total))
  }
}
