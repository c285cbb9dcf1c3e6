/// Who waits in one bucket, and whose turn it is.
///
/// Tenants take turns, and within a tenant its connections; who comes in joins at the end of the round. Publishing
/// goes before syncing, but not for ever.
struct LimitQueue: Sendable {
  /// Whoever has the lowest goes first.
  struct Rank: Sendable, Comparable {
    /// The tenant's.
    fileprivate var round: UInt64
    /// The connection's, among those of its tenant.
    fileprivate var turn: UInt64
    /// The request's own number, which grows.
    fileprivate var arrival: UInt64

    static func < (one: Rank, other: Rank) -> Bool {
      (one.round, one.turn, one.arrival) < (other.round, other.turn, other.arrival)
    }
  }

  /// One who takes turns.
  private struct Party: Sendable {
    /// The number of the admission after which it came in or was last served.
    var turn: UInt64
    var waiting = 0
  }

  /// So many of a higher priority go first, then one of a lower.
  static let patience = 8

  /// Lines of requests that need this bucket, the oldest first.
  private(set) var lines: [Int] = []
  private(set) var count = 0
  private var tenants: [String: Party] = [:]
  private var lanes: [LimitLane: Party] = [:]
  private var served: UInt64 = 0
  private var passedOver = 0

  mutating func open(line: Int) { lines.append(line) }

  mutating func close(line: Int) {
    if let place = lines.firstIndex(of: line) { lines.remove(at: place) }
  }

  mutating func join(_ lane: LimitLane) {
    count += 1
    tenants[lane.tenant, default: Party(turn: served)].waiting += 1
    lanes[lane, default: Party(turn: served)].waiting += 1
  }

  mutating func quit(_ lane: LimitLane) {
    count -= 1
    tenants[lane.tenant]?.waiting -= 1
    if tenants[lane.tenant]?.waiting == 0 { tenants[lane.tenant] = nil }
    lanes[lane]?.waiting -= 1
    if lanes[lane]?.waiting == 0 { lanes[lane] = nil }
  }

  mutating func serve(_ lane: LimitLane) {
    served += 1
    tenants[lane.tenant]?.turn = served
    lanes[lane]?.turn = served
    quit(lane)
  }

  func has(_ lane: LimitLane) -> Bool { lanes[lane] != nil }
  func has(tenant: String) -> Bool { tenants[tenant] != nil }

  func rank(_ lane: LimitLane, arrival: UInt64) -> Rank {
    Rank(
      round: tenants[lane.tenant]?.turn ?? served, turn: lanes[lane]?.turn ?? served, arrival: arrival)
  }

  /// Whether the best of a lower priority goes, although one of a higher could go too.
  mutating func isTurnOfLower(_ higher: Rank, _ lower: Rank, inOrder: Bool) -> Bool {
    guard inOrder else { return lower < higher }
    passedOver = passedOver < Self.patience ? passedOver + 1 : 0
    return passedOver == 0
  }
}
