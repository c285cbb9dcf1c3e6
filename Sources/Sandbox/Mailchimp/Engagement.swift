internal import ConnectorModel

/// How the recipients of a campaign react over the day after its sending, drawn from its id.
///
/// Opens and clicks arrive late, as they do: a report read twice with time between them differs.
struct Engagement: Sendable {
  private(set) var opens: [SandboxInstant] = []
  private(set) var firstOpens: [SandboxInstant] = []
  private(set) var clicks: [SandboxInstant] = []
  let emailsSent: Int

  private static let dayMs: UInt64 = 86_400_000

  /// Everything until `now` of a campaign that began to send at `start`.
  init(campaignID: String, emailsSent: Int, start: SandboxInstant, until now: SandboxInstant) {
    self.emailsSent = emailsSent
    var source = SplitMix64(seed: UInt64(campaignID, radix: 16) ?? 0)
    for _ in 0..<emailsSent {
      // Four draws for each recipient, whatever they do, so that more time changes nothing that was.
      let draws = (source.next(), source.next(), source.next(), source.next())
      guard draws.0 % 100 < 60 else { continue }
      let first = start.advanced(byMilliseconds: Int64(draws.1 % Self.dayMs))
      guard first <= now else { continue }
      firstOpens.append(first)
      opens.append(first)
      let again = first.advanced(byMilliseconds: 7_200_000)
      if draws.2 % 3 == 0, again <= now { opens.append(again) }
      let click = first.advanced(byMilliseconds: 60_000)
      if draws.3 % 100 < 40, click <= now { clicks.append(click) }
    }
  }

  /// The `report_summary` of a campaign.
  var summary: JSONValue {
    [
      "opens": .number(opens.count), "unique_opens": .number(firstOpens.count),
      "open_rate": .ratio(firstOpens.count, of: emailsSent), "clicks": .number(clicks.count),
      "subscriber_clicks": .number(clicks.count), "click_rate": .ratio(clicks.count, of: emailsSent),
      "ecommerce": ["total_orders": 0, "total_spent": 0, "total_revenue": 0],
    ]
  }
}
