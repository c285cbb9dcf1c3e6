import ConnectorModel
import Ports

@testable import Egress
@testable import Manifest

/// A limiter, requests that come and end at times of a made-up clock, and platforms that count strictly.
///
/// Keeps its own books, so that what the limiter believes is never the judge of it.
struct LimiterWorld {
  struct Plan {
    var claims: [LimitClaim]
    var lane: LimitLane = "a"
    var priority = OperationScope.Priority.publishing
    var isWrite = false
    /// Nanoseconds on the wire.
    var duration: UInt64
    /// When it reaches the platform after it was admitted.
    var reach: UInt64
    var ending = LimitEnding(pace: .fine, hasAnswered: true)
  }

  private struct Flight {
    var plan: Plan
    var permit: Limiter.Permit
    var ends: UInt64
  }

  var limiter = Limiter()
  var now: UInt64 = 1_767_225_600_000_000_000
  private(set) var waiting: [UInt64: Plan] = [:]
  private var flights: [UInt64: Flight] = [:]
  /// In the order of admission.
  private(set) var admitted: [(id: UInt64, plan: Plan, at: UInt64)] = []
  private(set) var refused: [UInt64: Limiter.Refusal] = [:]
  /// Times at which each bucket's platform saw a request.
  private(set) var seen: [LimitKey: [UInt64]] = [:]
  /// For each bucket, ends of what was sent.
  private var ended: [LimitKey: [UInt64]] = [:]
  private(set) var worstCrowd: [LimitKey: Int] = [:]
  private var nextID: UInt64 = 1

  var isBusy: Bool { !flights.isEmpty }

  @discardableResult
  mutating func ask(_ plan: Plan, within bound: Duration = .seconds(86_400 * 30)) -> UInt64 {
    let id = nextID
    nextID += 1
    let (verdict, released) = limiter.enter(
      Limiter.Request(
        id: id, claims: plan.claims, lane: plan.lane, priority: plan.priority, isWrite: plan.isWrite,
        giveUpAt: bound.after(now)), now: now)
    waiting[id] = plan
    note(released)
    switch verdict {
    case .admitted(let permit): note([.init(id: id, result: .admitted(permit))])
    case .refused(let refusal): note([.init(id: id, result: .refused(refusal))])
    case .waits: break
    }
    return id
  }

  mutating func giveUp(_ id: UInt64) {
    guard let released = limiter.giveUp(id, now: now) else { return }
    waiting[id] = nil
    note(released)
  }

  /// When something happens by itself next.
  var nextEvent: UInt64? {
    [flights.values.lazy.map(\.ends).min(), limiter.nextWake].compactMap(\.self).min()
  }

  /// Lets time pass up to `end`, with everything that happens on the way.
  mutating func run(until end: UInt64, check: (inout LimiterWorld) -> Void = { _ in }) {
    while let next = nextEvent, next <= end {
      now = max(now, next)
      if let (id, flight) = flights.filter({ $0.value.ends <= now }).min(by: {
        ($0.value.ends, $0.key) < ($1.value.ends, $1.key)
      }) {
        flights[id] = nil
        for claim in flight.plan.claims where flight.plan.ending.wasSent {
          ended[claim.key, default: []].append(now)
        }
        note(limiter.leave(flight.permit, flight.plan.ending, now: now))
      } else {
        note(limiter.tick(now: now))
      }
      check(&self)
    }
    now = max(now, end)
  }

  /// Goes on in another process: who waited and what was under way died with this one, and what it kept is read.
  mutating func restart(declared: [String: Limits.Bucket]) {
    let kept = limiter.rateCounts(now: now)
    limiter = Limiter()
    limiter.take(kept, declared: declared, now: now)
    waiting = [:]
    flights = [:]
    // What had not arrived never will.
    seen = seen.mapValues { [now] times in times.filter { $0 <= now } }
  }

  mutating func drain(check: (inout LimiterWorld) -> Void = { _ in }) {
    while let next = nextEvent { run(until: next, check: check) }
  }

  /// Those who wait although every one of their buckets has a place.
  func idlers(allowed: (LimitKey) -> Int? = { _ in nil }, lateness: UInt64 = 0) -> [UInt64] {
    guard !waiting.isEmpty else { return [] }
    let spare = limiter.keepsPlaces ? 2 : 1
    var running: [LimitKey: Int] = [:]
    for flight in flights.values {
      for claim in flight.plan.claims { running[claim.key, default: 0] += 1 }
    }
    var hasPlace: [LimitKey: Bool] = [:]
    func isOpen(_ claim: LimitClaim) -> Bool {
      if let known = hasPlace[claim.key] { return known }
      var room = Int.max
      let running = running[claim.key] ?? 0
      if let limit = allowed(claim.key) ?? claim.declared.concurrent { room = limit - running }
      if let rate = claim.declared.rate {
        let window = rate.window.nanosecondsClamped + lateness
        let spent = (ended[claim.key] ?? []).reversed().prefix { $0 + window > now }.count
        room = min(room, rate.count - running - spent)
      }
      hasPlace[claim.key] = room >= spare
      return room >= spare
    }
    return waiting.filter { $0.value.claims.allSatisfy(isOpen) }.keys.sorted()
  }

  /// The most requests that a platform saw in any window of its rate.
  func worstWindow(_ claim: LimitClaim) -> Int {
    guard let rate = claim.declared.rate else { return 0 }
    let window = rate.window.nanosecondsClamped
    let times = (seen[claim.key] ?? []).sorted()
    var first = 0
    var worst = 0
    for (index, time) in times.enumerated() {
      while times[first] + window <= time { first += 1 }
      worst = max(worst, index - first + 1)
    }
    return worst
  }

  private mutating func note(_ released: [Limiter.Release]) {
    for release in released {
      guard let plan = waiting.removeValue(forKey: release.id) else { continue }
      switch release.result {
      case .refused(let refusal): refused[release.id] = refusal
      case .admitted(let permit):
        flights[release.id] = Flight(plan: plan, permit: permit, ends: now + plan.duration)
        admitted.append((release.id, plan, now))
        for claim in plan.claims {
          if plan.ending.wasSent { seen[claim.key, default: []].append(now + min(plan.reach, plan.duration)) }
          let running = flights.values.filter { $0.plan.claims.contains(claim) }.count
          worstCrowd[claim.key] = max(worstCrowd[claim.key] ?? 0, running)
        }
      }
    }
  }
}

extension LimitClaim {
  static func concurrent(_ limit: Int, _ bucket: String = "concurrency", _ subject: String = "") -> LimitClaim
  {
    LimitClaim(
      key: LimitKey(bucket: bucket, subject: subject),
      declared: Limits.Bucket(scope: .account, concurrent: limit))
  }

  static func undeclared(_ subject: String) -> LimitClaim {
    LimitClaim(key: LimitKey(bucket: "(undeclared)", subject: subject), declared: .undeclared)
  }

  static func rate(_ count: Int, per window: Duration, _ bucket: String = "rate", _ subject: String = "")
    -> LimitClaim
  {
    LimitClaim(
      key: LimitKey(bucket: bucket, subject: subject),
      declared: Limits.Bucket(scope: .account, rate: Limits.Rate(count: count, window: window)))
  }
}

/// `tenant/connection`, or a connection of no tenant.
extension LimitLane: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) {
    let parts = text.split(separator: "/", maxSplits: 1)
    self.init(tenant: parts.count > 1 ? String(parts[0]) : "", connection: String(parts.last ?? ""))
  }
}
