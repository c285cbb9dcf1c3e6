import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

/// Tenants take turns, and their connections within them; every failure names its seed.
@Suite struct LimiterFairnessTests {
  static let seeds: [UInt64] = (1...8).map { $0 }
  private static let second: UInt64 = 1_000_000_000

  private func served(_ world: LimiterWorld, after start: Int, by key: (LimitLane) -> String) -> [String: Int]
  {
    world.admitted.dropFirst(start).reduce(into: [:]) { $0[key($1.plan.lane), default: 0] += 1 }
  }

  @Test(arguments: seeds.prefix(2))
  func aThousandConnectionsOfOneTenantLeaveAnotherItsTurns(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let claim = LimitClaim.rate(20, per: .seconds(1))
    var world = LimiterWorld()
    for number in 0..<1000 {
      world.ask(.init(claims: [claim], lane: "big/con_\(number)", duration: 1_000_000, reach: 0))
    }
    for _ in 0..<60 {
      world.ask(.init(claims: [claim], lane: "small/con_x", duration: 1_000_000, reach: 0))
    }
    let before = world.admitted.count
    world.run(until: world.now + UInt64.random(in: 3...5, using: &random) * Self.second)
    let counts = served(world, after: before) { $0.tenant }
    let (big, small) = (counts["big"] ?? 0, counts["small"] ?? 0)
    #expect(abs(big - small) <= 1, "seed \(seed): \(big) and \(small)")
    #expect(big + small >= 40, "the test presses")
  }

  /// Its own books: what each other tenant got since one that waits came in or was last served.
  @Test(arguments: seeds)
  func noTenantWithWaitingWorkGetsLessThanItsTurn(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let claim = LimitClaim.rate(10, per: .seconds(1))
    var world = LimiterWorld()
    var waiting: [UInt64: LimitLane] = [:]
    var since: [String: [String: Int]] = [:]
    var seen = 0
    var longest = 0
    func follow(_ world: inout LimiterWorld) {
      for entry in world.admitted.dropFirst(seen) {
        guard waiting.removeValue(forKey: entry.id) != nil else { continue }
        let tenant = entry.plan.lane.tenant
        for other in since.keys where other != tenant { since[other]?[tenant, default: 0] += 1 }
        since[tenant] = waiting.values.contains { $0.tenant == tenant } ? [:] : nil
        let worst = since.values.flatMap(\.values).max() ?? 0
        longest = max(longest, worst)
        #expect(worst <= 1, "seed \(seed): somebody was served twice in another's turn")
      }
      seen = world.admitted.count
    }
    for _ in 0..<600 {
      let tenant = ["a", "b", "c", "d"][Int.random(in: 0..<4, using: &random)]
      let lane: LimitLane = "\(tenant)/con_\(Int.random(in: 0..<(tenant == "a" ? 200 : 2), using: &random))"
      let id = world.ask(.init(claims: [claim], lane: lane, duration: 1_000_000, reach: 0))
      follow(&world)
      if world.waiting[id] != nil {
        waiting[id] = lane
        if since[tenant] == nil { since[tenant] = [:] }
      }
      if Int.random(in: 0..<6, using: &random) == 0 {
        world.run(until: world.now + UInt64.random(in: 0...2, using: &random) * Self.second, check: follow)
      }
    }
    world.drain(check: follow)
    #expect(world.waiting.isEmpty, "seed \(seed): starved")
    #expect(longest == 1 && seen == 600, "the test presses")
  }

  @Test(arguments: seeds)
  func connectionsOfATenantTakeTurnsWithinIt(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let claim = LimitClaim.concurrent(2, "slots")
    var world = LimiterWorld()
    let lanes: [(LimitLane, Int)] = [("a/flood", 400), ("a/one", 40), ("a/two", 40), ("b/only", 300)]
    for (lane, count) in lanes {
      for _ in 0..<count {
        let duration = UInt64.random(in: 1...9, using: &random) * 1_000_000
        world.ask(.init(claims: [claim], lane: lane, duration: duration, reach: 0))
      }
    }
    let before = world.admitted.count
    while world.admitted.count < before + 180, let next = world.nextEvent { world.run(until: next) }
    let counts = served(world, after: before) { "\($0.tenant)/\($0.connection)" }
    let own = ["a/flood", "a/one", "a/two"].map { counts[$0] ?? 0 }
    #expect((own.max() ?? 0) - (own.min() ?? 0) <= 1, "seed \(seed): \(counts)")
    #expect(abs(own.reduce(0, +) - (counts["b/only"] ?? 0)) <= 1, "seed \(seed): \(counts)")
  }

  /// A wait is refused only when it certainly is too long: nobody who was refused would have gone in time.
  @Test(arguments: seeds)
  func nobodyIsRefusedWhoWouldHaveGoneInTime(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let app = LimitClaim.rate(10, per: .seconds(1), "app")
    for _ in 0..<40 {
      var world = LimiterWorld()
      for _ in 0..<Int.random(in: 10...80, using: &random) {
        let tenant = ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
        let lane: LimitLane = "\(tenant)/con_\(Int.random(in: 0..<3, using: &random))"
        let own = LimitClaim.concurrent(1, "own", lane.connection + lane.tenant)
        let isKept = Int.random(in: 0..<3, using: &random) == 0
        world.ask(.init(claims: isKept ? [app, own] : [app], lane: lane, duration: 30_000_000, reach: 0))
      }
      let lane: LimitLane = "a/con_\(Int.random(in: 0..<4, using: &random))"
      let plan = LimiterWorld.Plan(claims: [app], lane: lane, duration: 1_000_000, reach: 0)
      let bound = Duration.milliseconds(Int.random(in: 1...6000, using: &random))
      var patient = world
      let hasty = world.ask(plan, within: bound)
      guard let refusal = world.refused[hasty] else { continue }
      let id = patient.ask(plan)
      let start = patient.now
      patient.drain()
      let admitted = patient.admitted.first { $0.id == id }?.at ?? .max
      #expect(admitted >= refusal.wait.after(start), "seed \(seed): told of a longer wait than there is")
    }
  }

  @Test(arguments: [
    LimitSubject.account("7"), .account("7 endpoint:x"), .account("connection:7"), .connection("con_1"),
  ])
  func subjectsAreReadBack(_ subject: LimitSubject) {
    let plain = LimitSubject.parse(subject.text(), scope: .account)
    #expect(plain.subject == subject && plain.endpoint == nil)
    let placed = LimitSubject.parse(subject.text(at: "api"), scope: .endpoint)
    #expect(placed.subject == subject && placed.endpoint == "api")
    #expect(LimitSubject.parse("", scope: .account).subject == .nobody)
    #expect(LimitSubject.parse("account:7", scope: .app).subject == .app(client: "account:7"))
  }
}
