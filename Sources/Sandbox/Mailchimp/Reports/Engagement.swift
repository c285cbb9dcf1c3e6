internal import ConnectorModel

/// How the recipients of a campaign react over the days after its sending, drawn from its id.
///
/// Opens and clicks arrive late, as they do: a report read twice with time between them differs. Who bounces,
/// leaves or complains is no chance: their addresses say it, see `Fate`.
struct Engagement: Sendable {
  let emailsSent: Int
  /// One for each recipient the campaign has reached, in the order of sending.
  private(set) var reactions: [Reaction] = []

  /// What one recipient did until now.
  struct Reaction: Sendable {
    let recipient: Member
    /// When the campaign left for them.
    let sent: SandboxInstant
    var opens: [SandboxInstant] = []
    var clicks: [Click] = []
    /// Whether a privacy proxy opened it for them, so that their opens say little.
    var isProxied = false
    var fate: (kind: Fate, time: SandboxInstant)?

    func hasMet(_ kind: Fate) -> Bool { fate?.kind == kind }
  }

  struct Click: Sendable {
    let time: SandboxInstant
    /// The index among the campaign's links.
    let link: Int
  }

  private static let dayMs: UInt64 = 86_400_000

  /// Everything until `now` of a campaign that began to send at `start`.
  ///
  /// - Parameter linkCount: how many links the content has; nobody clicks where there are none.
  init(
    campaignID: String, recipients: ArraySlice<Member>, linkCount: Int, start: SandboxInstant,
    until now: SandboxInstant
  ) {
    emailsSent = recipients.count
    var source = SplitMix64(seed: UInt64(campaignID, radix: 16) ?? 0)
    for recipient in recipients {
      // Four draws for each recipient, whatever they do, so that more time changes nothing that was.
      let draws = (source.next(), source.next(), source.next(), source.next())
      var reaction = Reaction(recipient: recipient, sent: start)
      if let fate = Fate(address: recipient.email) {
        let time = start.advanced(byMilliseconds: fate.delayMs)
        if time <= now { reaction.fate = (fate, time) }
      }
      let isReached = Fate(address: recipient.email)?.isBounce != true
      let first = start.advanced(byMilliseconds: Int64(draws.1 % Self.dayMs))
      if isReached, draws.0 % 100 < 60, first <= now {
        reaction.isProxied = draws.2 % 4 == 2
        // Some open again: in the evening, or days later.
        let again = [7_200_000, 3 * Int64(Self.dayMs)].enumerated().filter { draws.2 % 3 == $0.offset }
        reaction.opens =
          [first] + again.map { first.advanced(byMilliseconds: $0.element) }.filter { $0 <= now }
        let click = Click(
          time: first.advanced(byMilliseconds: 60_000), link: Int(draws.3 / 100) % max(1, linkCount))
        if linkCount > 0, draws.3 % 100 < 40, click.time <= now { reaction.clicks = [click] }
      }
      reactions.append(reaction)
    }
  }

  var opens: [SandboxInstant] { reactions.flatMap(\.opens) }
  var firstOpens: [SandboxInstant] { reactions.compactMap(\.opens.first) }
  /// Without those of a privacy proxy.
  var personalOpens: [SandboxInstant] { reactions.filter { !$0.isProxied }.flatMap(\.opens) }
  var firstPersonalOpens: [SandboxInstant] {
    reactions.filter { !$0.isProxied }.compactMap(\.opens.first)
  }
  var clicks: [SandboxInstant] { reactions.flatMap { $0.clicks.map(\.time) } }
  var clickers: Int { reactions.count { !$0.clicks.isEmpty } }
  func count(_ fate: Fate) -> Int { reactions.count { $0.hasMet(fate) } }

  /// The `report_summary` of a campaign.
  var summary: JSONValue {
    [
      "opens": .number(opens.count), "unique_opens": .number(firstOpens.count),
      "open_rate": .ratio(firstOpens.count, of: emailsSent), "clicks": .number(clicks.count),
      "subscriber_clicks": .number(clickers), "click_rate": .ratio(clickers, of: emailsSent),
      "ecommerce": ["total_orders": 0, "total_spent": 0, "total_revenue": 0],
    ]
  }
}

/// What happens to an e-mail to an address that says so: `bounce@…`, `soft+1@…`, `unsubscribe-a@…`, `complaint.x@…`.
enum Fate: String, Sendable, CaseIterable {
  case hardBounce = "bounce"
  case softBounce = "soft"
  case unsubscribe
  case complaint

  /// Nil for the address of somebody to whom nothing special happens.
  init?(address: String) {
    let word = address.lowercased().prefix { !"@+-.".contains($0) }
    guard let fate = Fate(rawValue: String(word)) else { return nil }
    self = fate
  }

  var isBounce: Bool { self == .hardBounce || self == .softBounce }

  /// How long after the sending it comes.
  var delayMs: Int64 {
    switch self {
    case .hardBounce, .softBounce: 60_000
    case .unsubscribe: 600_000
    case .complaint: 1_200_000
    }
  }
}
