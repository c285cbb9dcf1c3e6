import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

/// Random requests against platforms that count strictly; every failure names its seed.
@Suite struct LimiterPropertyTests {
  static let seeds: [UInt64] = (1...8).map { $0 }
  private static let millisecond: UInt64 = 1_000_000

  private func plan(_ claims: [LimitClaim], _ random: inout SplitMix64) -> LimiterWorld.Plan {
    let duration = UInt64.random(in: 1...400, using: &random) * Self.millisecond
    var plan = LimiterWorld.Plan(
      claims: claims, lane: "lane\(Int.random(in: 0..<4, using: &random))",
      priority: Bool.random(using: &random) ? .publishing : .syncing, isWrite: Bool.random(using: &random),
      duration: duration, reach: UInt64.random(in: 0...duration, using: &random))
    switch Int.random(in: 0..<12, using: &random) {
    case 0: plan.ending.pace = .refused
    case 1: plan.ending = LimitEnding(pace: .unclear)
    case 2: plan.ending = .unsent
    default: break
    }
    return plan
  }

  /// Accounts with a concurrency and a rate of their own, or with nothing but refusals, under rates of the app.
  private func claims(_ random: inout SplitMix64) -> [LimitClaim] {
    let account = "account:\(Int.random(in: 0..<3, using: &random))"
    let all: [LimitClaim] = [
      .concurrent(3, "concurrency", account), .rate(10, per: .seconds(1), "second", account),
      .rate(25, per: .seconds(1), "app"), .rate(200, per: .seconds(60), "minute"),
      .concurrent(5, "slots"), .undeclared(account),
    ]
    let chosen = all.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
    return chosen.isEmpty ? [all[0]] : chosen
  }

  /// Small rates keep each place, large ones groups of them, and what is kept is fewer still.
  @Test(arguments: seeds)
  func noWindowIsEverOverfullOverRestarts(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var world = LimiterWorld()
    let known: [LimitClaim] = [
      .rate(20, per: .seconds(60), "minute", "account:1"), .rate(600, per: .seconds(120), "app"),
    ]
    let declared = Dictionary(uniqueKeysWithValues: known.map { ($0.key.bucket, $0.declared) })
    for _ in 0..<1_500 {
      let claims = Int.random(in: 0..<10, using: &random) == 0 ? known : [known[1]]
      world.ask(plan(claims, &random), within: .seconds(10))
      if Int.random(in: 0..<50, using: &random) == 0 { world.restart(declared: declared) }
      world.run(until: world.now + UInt64.random(in: 0...200, using: &random) * Self.millisecond)
    }
    for claim in known {
      let (worst, limit) = (world.worstWindow(claim), claim.declared.rate?.count ?? 0)
      #expect(worst <= limit, "seed \(seed), \(claim.key)")
      #expect(worst > limit / 2, "seed \(seed), \(claim.key): the limit was never near")
    }
  }

  @Test(arguments: seeds)
  func noWindowAndNoPlaceIsEverOverfullNobodyStarvesAndNothingIsIdle(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var world = LimiterWorld()
    var known: [LimitKey: LimitClaim] = [:]
    func check(_ world: inout LimiterWorld) {
      let idlers = world.idlers(allowed: { [limiter = world.limiter] in limiter.allowed($0) })
      #expect(idlers.isEmpty, "seed \(seed): could go, but waits")
    }
    for _ in 0..<500 {
      let claims = claims(&random)
      for claim in claims { known[claim.key] = claim }
      let id = world.ask(plan(claims, &random))
      if Int.random(in: 0..<20, using: &random) == 0 { world.giveUp(id) }
      check(&world)
      let pause = UInt64.random(in: 0...(Bool.random(using: &random) ? 400 : 5), using: &random)
      world.run(until: world.now + pause * Self.millisecond, check: check)
    }
    world.drain(check: check)
    #expect(world.waiting.isEmpty, "seed \(seed): starved")
    #expect(world.refused.isEmpty, "seed \(seed)")
    var isPressed = false
    for claim in known.values {
      if let rate = claim.declared.rate {
        let worst = world.worstWindow(claim)
        #expect(worst <= rate.count, "seed \(seed), \(claim.key)")
        isPressed = isPressed || worst == rate.count
      }
      if let limit = claim.declared.concurrent {
        #expect(world.worstCrowd[claim.key] ?? 0 <= limit, "seed \(seed), \(claim.key)")
      }
    }
    #expect(isPressed, "seed \(seed): the test presses")
  }

  @Test(arguments: seeds)
  func largeWindowsAreNeverOverfullAndLateByAGrainAtMost(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let claim = LimitClaim.rate(1000, per: .seconds(1))
    let grain = RateRule(Limits.Rate(count: 1000, window: .seconds(1))).grain
    #expect(grain > 0)
    var world = LimiterWorld()
    for _ in 0..<2500 {
      var next = plan([claim], &random)
      next.duration = UInt64.random(in: 1...20, using: &random) * Self.millisecond
      next.reach = next.duration / 2
      next.ending = LimitEnding(pace: .fine)
      world.ask(next)
      if Int.random(in: 0..<20, using: &random) == 0 {
        world.run(until: world.now + UInt64.random(in: 0...9, using: &random) * Self.millisecond)
        #expect(world.idlers(lateness: grain).isEmpty, "seed \(seed)")
      }
    }
    world.drain()
    #expect(world.waiting.isEmpty)
    #expect(world.worstWindow(claim) <= 1000, "seed \(seed)")
    #expect(world.worstWindow(claim) > 900, "the test presses")
  }

  @Test(arguments: seeds)
  func connectionsShareABucketFairly(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let claim = LimitClaim.rate(20, per: .seconds(1))
    var world = LimiterWorld()
    // One lane floods, the others ask for much less but more than they get.
    let lanes: [(LimitLane, Int)] = [("flood", 2000), ("b", 60), ("c", 60), ("d", 60)]
    for (lane, count) in lanes {
      for _ in 0..<count {
        world.ask(.init(claims: [claim], lane: lane, duration: 1_000_000, reach: 0))
      }
    }
    let before = world.admitted.count
    world.run(until: world.now + UInt64.random(in: 6...9, using: &random) * 1_000_000_000)
    var served: [String: Int] = [:]
    for entry in world.admitted.dropFirst(before) { served[entry.plan.lane.connection, default: 0] += 1 }
    let counts = ["flood", "b", "c", "d"].map { served[$0] ?? 0 }
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "seed \(seed): \(counts)")
    #expect(counts.reduce(0, +) >= 100)
  }

  @Test(
    arguments: seeds,
    [
      [LimitClaim.concurrent(1, "one"), .concurrent(1, "two")],
      [.rate(3, per: .milliseconds(20), "one"), .rate(5, per: .milliseconds(70), "two")],
      [.concurrent(2, "one"), .rate(4, per: .milliseconds(50), "two")],
    ])
  func whoNeedsTwoCrowdedBucketsIsNotPassedForEver(_ seed: UInt64, _ claims: [LimitClaim]) {
    var random = SplitMix64(seed: seed)
    var world = LimiterWorld()
    let (one, two) = (claims[0], claims[1])
    func keepBusy(_ world: inout LimiterWorld) {
      for claim in [one, two] where world.waiting.values.filter({ $0.claims == [claim] }).count < 3 {
        let duration = UInt64.random(in: 1...9, using: &random) * 1_000_003
        world.ask(.init(claims: [claim], lane: "busy", duration: duration, reach: 0))
      }
    }
    keepBusy(&world)
    let id = world.ask(.init(claims: [one, two], lane: "patient", duration: 1_000_000, reach: 0))
    var steps = 0
    while world.waiting[id] != nil, steps < 3000 {
      steps += 1
      keepBusy(&world)
      if let next = world.nextEvent { world.run(until: next) }
    }
    #expect(world.waiting[id] == nil, "seed \(seed): starved")
    #expect(world.admitted.count < 300, "seed \(seed): \(world.admitted.count) went first")
  }

  @Test(arguments: seeds)
  func nothingGoesWhileARefusalClosesABucketAndEverythingAfterwards(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var world = LimiterWorld()
    var refusable: Set<UInt64> = []
    for _ in 0..<400 {
      let account = "account:\(Int.random(in: 0..<3, using: &random))"
      var next = plan([.concurrent(3, "concurrency", account), .rate(50, per: .seconds(1), "app")], &random)
      next.ending = LimitEnding(pace: .fine, hasAnswered: true)
      if Int.random(in: 0..<15, using: &random) == 0 {
        next.ending.pace = .refused
        next.ending.hold = .milliseconds(Int.random(in: 1...2000, using: &random))
      }
      let isHasty = Bool.random(using: &random)
      let id = world.ask(next, within: isHasty ? .milliseconds(500) : .seconds(86_400))
      if isHasty { refusable.insert(id) }
      world.run(until: world.now + UInt64.random(in: 0...200, using: &random) * Self.millisecond)
    }
    world.drain()
    #expect(world.waiting.isEmpty, "seed \(seed): starved")
    #expect(refusable.isSuperset(of: world.refused.keys), "seed \(seed): had time")
    #expect(world.refused.values.allSatisfy { $0.wait > .milliseconds(0) && $0.wait <= .seconds(2) })
    var isPressed = false
    for refusing in world.admitted {
      guard let hold = refusing.plan.ending.hold?.nanosecondsClamped else { continue }
      let began = refusing.at + refusing.plan.duration
      isPressed = true
      // All buckets here have scope account, so a refusal closes each that its request passed.
      for other in world.admitted where other.at > began && other.at < began + hold {
        let shares = other.plan.claims.contains { refusing.plan.claims.contains($0) }
        #expect(!shares, "seed \(seed)")
      }
    }
    #expect(isPressed && !world.refused.isEmpty, "seed \(seed): the test presses")
  }

  /// A platform with fixed windows that tells what is left, in answers that overtake each other.
  @Test(arguments: seeds)
  func whatHeadersCountDownIsNeverExceededOnceKnown(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let limit = Int.random(in: 12...40, using: &random)
    let window: UInt64 = 5_000_000_000
    let claim = LimitClaim(
      key: LimitKey(bucket: "remaining", subject: ""),
      declared: Limits.Bucket(scope: .account, remaining: Limits.Remaining(header: "x")))
    var limiter = Limiter()
    var now: UInt64 = 1_000 * window
    var counted: [UInt64: Int] = [:]
    var refusals = 0
    var served = 0
    // id → when it reaches the platform, when it ends, what it was told
    var flights:
      [UInt64: (permit: Limiter.Permit, reach: UInt64, ends: UInt64, told: RemainingRule.Reading?)] = [:]
    func take(_ id: UInt64, _ permit: Limiter.Permit) {
      let duration = UInt64.random(in: 2...900, using: &random) * Self.millisecond
      flights[id] = (permit, now + UInt64.random(in: 0..<duration, using: &random), now + duration, nil)
    }
    func note(_ released: [Limiter.Release]) {
      for release in released {
        if case .admitted(let permit) = release.result { take(release.id, permit) }
      }
    }
    func run(until end: UInt64) {
      while let next =
        (flights.values.flatMap { [$0.told == nil ? $0.reach : $0.ends] }
        + [limiter.nextWake].compactMap(\.self)).min(), next <= end
      {
        now = max(now, next)
        if let (id, flight) = flights.first(where: { $0.value.told == nil && $0.value.reach <= now }) {
          let period = now / window
          counted[period, default: 0] += 1
          if counted[period, default: 0] > limit { refusals += 1 }
          flights[id]?.told = .init(
            left: max(0, limit - counted[period, default: 0]), resets: (period + 1) * window)
          _ = flight
        } else if let (id, flight) = flights.first(where: { $0.value.told != nil && $0.value.ends <= now }) {
          flights[id] = nil
          served += 1
          var ending = LimitEnding(pace: .fine, hasAnswered: true)
          ending.readings[claim.key] = LimitReading(remaining: flight.told)
          note(limiter.leave(flight.permit, ending, now: now))
        } else {
          note(limiter.tick(now: now))
        }
      }
      now = max(now, end)
    }
    for id in 1...800 as ClosedRange<UInt64> {
      let (verdict, released) = limiter.enter(
        .init(
          id: id, claims: [claim], lane: "\(id % 3)", priority: .publishing, isWrite: false,
          giveUpAt: .max), now: now)
      note(released)
      if case .admitted(let permit) = verdict { take(id, permit) }
      run(until: now + UInt64.random(in: 0...60, using: &random) * Self.millisecond)
    }
    run(until: now + 1000 * window)
    #expect(refusals == 0, "seed \(seed), limit \(limit)")
    #expect(served == 800, "seed \(seed): starved")
    #expect(counted.values.contains { $0 > limit * 3 / 4 }, "seed \(seed): the test presses")
  }
}
