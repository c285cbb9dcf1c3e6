import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

@Suite struct LimiterTests {
  private let account = LimitClaim.concurrent(2, "concurrency", "account:1")
  private let start: UInt64 = 1_767_225_600_000_000_000
  private let second: UInt64 = 1_000_000_000

  private func plan(_ claims: [LimitClaim], lane: LimitLane = "a", seconds: UInt64 = 1) -> LimiterWorld.Plan {
    LimiterWorld.Plan(claims: claims, lane: lane, duration: seconds * second, reach: 0)
  }

  @Test func requestsBeyondTheLimitWaitInTheirOrder() {
    var world = LimiterWorld()
    for seconds in [1, 2, 1, 1] as [UInt64] { world.ask(plan([account], seconds: seconds)) }
    #expect(world.admitted.map(\.id) == [1, 2])
    world.drain()
    #expect(world.admitted.map(\.id) == [1, 2, 3, 4])
  }

  @Test func aRequestThatNeedsTwoBucketsTakesBothOrNone() {
    var world = LimiterWorld()
    let one = LimitClaim.concurrent(1, "one")
    let two = LimitClaim.concurrent(1, "two")
    world.ask(plan([two], seconds: 5))
    world.ask(plan([one, two]))
    #expect(world.admitted.map(\.id) == [1])
    world.ask(plan([one]))
    #expect(world.admitted.map(\.id) == [1, 3], "bucket one has a place that 2 cannot use yet")
    world.drain()
    #expect(world.admitted.map(\.id) == [1, 3, 2])
  }

  @Test func oneAccountThatIsFullHoldsNobodyElseUp() {
    var world = LimiterWorld()
    let app = LimitClaim.rate(100, per: .seconds(1), "app")
    for _ in 0..<20 { world.ask(plan([account, app], seconds: 60)) }
    let other = world.ask(plan([.concurrent(2, "concurrency", "account:2"), app], lane: "b"))
    #expect(world.admitted.contains { $0.id == other })
  }

  @Test func givingUpLetsTheNextOneIn() {
    var world = LimiterWorld()
    let one = LimitClaim.concurrent(1, "one")
    let holder = world.ask(plan([one], seconds: 1))
    let quitter = world.ask(plan([one]))
    let next = world.ask(plan([one]))
    world.giveUp(quitter)
    world.giveUp(quitter)
    world.drain()
    #expect(world.admitted.map(\.id) == [holder, next])
  }

  @Test func publishingGoesBeforeSyncingButNotForEver() {
    var world = LimiterWorld()
    let claim = LimitClaim.concurrent(1)
    func ask(_ priority: OperationScope.Priority) {
      world.ask(.init(claims: [claim], lane: "a", priority: priority, duration: second, reach: 0))
    }
    ask(.publishing)
    for _ in 0..<3 { ask(.syncing) }
    for _ in 0..<20 { ask(.publishing) }
    world.drain()
    let order = world.admitted.dropFirst().map(\.plan.priority)
    #expect(order.prefix(8).allSatisfy { $0 == .publishing })
    #expect(order[order.startIndex + 8] == .syncing, "patience ends")
    #expect(order.filter { $0 == .syncing }.count == 3)
  }

  @Test func aBucketWithoutPriorityServesByTurn() {
    var world = LimiterWorld()
    var claim = LimitClaim.concurrent(1)
    claim.declared.prefersPublishing = false
    for priority in [OperationScope.Priority.publishing, .syncing, .publishing] {
      world.ask(.init(claims: [claim], lane: "a", priority: priority, duration: second, reach: 0))
    }
    world.drain()
    #expect(world.admitted.map(\.id) == [1, 2, 3])
  }

  @Test func aWaitThatIsKnownToBeTooLongIsRefusedAtOnceWithItsLength() {
    var world = LimiterWorld()
    let daily = LimitClaim.rate(2, per: .seconds(86_400), "daily")
    world.ask(plan([daily]), within: .seconds(30))
    world.ask(plan([daily]), within: .seconds(30))
    let early = world.ask(plan([daily]), within: .seconds(30))
    #expect(world.refused[early] == .init(reason: "rate:daily", wait: .seconds(86_400)), "both are under way")
    world.run(until: world.now + 3600 * second)
    let late = world.ask(plan([daily]), within: .seconds(30))
    #expect(world.refused[late]?.wait == .seconds(86_400 - 3600 + 1))
    #expect(world.waiting.isEmpty)
  }

  @Test func theLengthOfTheLineCountsInAKnownWait() {
    var world = LimiterWorld()
    let claim = LimitClaim.rate(1, per: .seconds(10))
    for _ in 0..<4 { world.ask(plan([claim], seconds: 0), within: .seconds(30)) }
    #expect(world.waiting.count == 3, "after 0, 10, 20 and 30 s")
    let last = world.ask(plan([claim]), within: .seconds(30))
    #expect(world.refused[last]?.wait == .seconds(40))
  }

  @Test func aRefusalWithItsLengthClosesTheNarrowestBucketForAll() {
    var world = LimiterWorld()
    let app = LimitClaim(
      key: .init(bucket: "app", subject: ""), declared: Limits.Bucket(scope: .app, concurrent: 100))
    var limited = plan([account, app])
    limited.ending = LimitEnding(pace: .refused, hasAnswered: true, hold: .seconds(20))
    world.ask(limited)
    world.run(until: world.now + second)
    let began = world.now
    let same = world.ask(plan([account, app]), within: .seconds(30))
    let hasty = world.ask(plan([account, app]), within: .seconds(10))
    let other = world.ask(plan([.concurrent(2, "concurrency", "account:2"), app]))
    #expect(world.refused[hasty] == .init(reason: "rate_limited", wait: .seconds(20)))
    #expect(world.admitted.map(\.id).contains(other))
    world.drain()
    #expect(world.admitted.first { $0.id == same }?.at == began + 20 * second)
  }

  @Test func whoWaitsIsToldAtOnceWhenTheWaitBecomesTooLong() {
    var world = LimiterWorld()
    let claim = LimitClaim.concurrent(1)
    var limited = plan([claim])
    limited.ending = LimitEnding(pace: .refused, hasAnswered: true, hold: .seconds(120))
    world.ask(limited)
    let waiting = world.ask(plan([claim]), within: .seconds(30))
    world.run(until: world.now + second)
    #expect(world.refused[waiting] == .init(reason: "rate_limited", wait: .seconds(120)))
  }

  @Test func noRefusalClosesABucketForLongerThanFiveMinutes() {
    var world = LimiterWorld()
    var limited = plan([account])
    limited.ending = LimitEnding(pace: .refused, hasAnswered: true, hold: .seconds(86_400))
    world.ask(limited)
    world.run(until: world.now + second)
    let id = world.ask(plan([account]), within: .seconds(1))
    #expect(world.refused[id]?.wait == .seconds(300))
  }

  @Test func idleBucketsAreForgottenAndBusyOnesAreNot() {
    var limiter = Limiter()
    var permits: [Limiter.Permit] = []
    for id in 1...1000 as ClosedRange<UInt64> {
      let claims: [LimitClaim] = [.concurrent(1, "c", "\(id)"), .rate(1, per: .seconds(1), "r", "\(id)")]
      let (verdict, _) = limiter.enter(
        .init(
          id: id, claims: claims, lane: "a", priority: .publishing, isWrite: false, giveUpAt: .max),
        now: start)
      if case .admitted(let permit) = verdict { permits.append(permit) }
    }
    #expect(permits.count == 1000)
    for permit in permits { _ = limiter.leave(permit, LimitEnding(), now: start) }
    #expect(limiter.states(now: start).count == 1000, "the rates remember")
    let later = start + 120 * second
    for id in 2000...2300 as ClosedRange<UInt64> {
      _ = limiter.enter(
        .init(
          id: id, claims: [.concurrent(1, "c", "\(id)")], lane: "a", priority: .publishing, isWrite: false,
          giveUpAt: .max), now: later)
    }
    let probe = limiter.enter(
      .init(
        id: 9000, claims: [.concurrent(1, "z", "")], lane: "a", priority: .publishing, isWrite: false,
        giveUpAt: .max), now: later)
    if case (.admitted(let permit), _) = probe { _ = limiter.leave(permit, LimitEnding(), now: later) }
    #expect(limiter.states(now: later).count == 301)
  }

  @Test func aClockThatIsSetBackDelaysByAWindowAtMost() {
    var world = LimiterWorld()
    let claim = LimitClaim.rate(1, per: .seconds(10))
    world.ask(plan([claim], seconds: 0))
    world.run(until: world.now)
    world.now -= 3600 * second
    let id = world.ask(plan([claim]))
    let began = world.now
    world.drain()
    #expect(world.admitted.first { $0.id == id }?.at == began + 10 * second)
  }

  @Test func everyBucketTellsItsState() {
    var world = LimiterWorld()
    let daily = LimitClaim.rate(1, per: .seconds(60), "daily", "account:1")
    world.ask(plan([account, daily], seconds: 0))
    world.run(until: world.now)
    world.ask(plan([account, daily]))
    let states = world.limiter.states(now: world.now)
    #expect(
      states == [
        BucketState(
          name: "concurrency", scope: .account, subject: "account:1", kind: .concurrency, source: .manifest,
          inUse: 0, allowed: 2, limit: 2, waiting: [.publishing: 1]),
        BucketState(
          name: "daily", scope: .account, subject: "account:1", kind: .rate, source: .manifest, inUse: 1,
          allowed: 1, limit: 1, window: .seconds(60), resets: world.now + 60 * second,
          waiting: [.publishing: 1], nextFree: world.now + 60 * second),
      ])
  }
}
