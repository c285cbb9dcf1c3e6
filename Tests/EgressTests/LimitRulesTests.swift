import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

@Suite struct ConcurrencyRuleTests {
  @Test func refusalsHalveOncePerRoundAndSuccessesWinPlacesBack() {
    var rule = ConcurrencyRule(limit: 10)
    for _ in 0..<10 { rule.admit() }
    #expect(rule.block(now: 0) != nil)
    for _ in 0..<8 { rule.finish(.refused, round: 0, now: 0) }
    for _ in 0..<2 { rule.finish(.unclear, round: 0, now: 0) }
    #expect(rule.allowed == 5, "eight refusals of one moment are one")
    for _ in 0..<10 {
      rule.admit()
      rule.finish(.fine, round: rule.round, now: 0)
    }
    #expect(rule.allowed == 6)
    for _ in 0..<10 {
      rule.admit()
      rule.finish(.refused, round: rule.round, now: 0)
    }
    #expect(rule.allowed == 1)
    #expect(!rule.isIdle)
  }

  @Test func whereNothingIsDeclaredARefusalLeavesHalfOfThoseUnderWay() {
    var rule = ConcurrencyRule(limit: nil)
    for _ in 0..<12 { rule.admit() }
    #expect(rule.block(now: 0) == nil && !rule.isSlowed)
    rule.finish(.refused, round: 0, now: 1_000)
    rule.finish(.refused, round: 0, now: 1_000)
    #expect(rule.allowed == 6 && rule.block(now: 1_000) != nil)
    for _ in 0..<10 { rule.finish(.fine, round: 0, now: 2_000) }
    #expect(rule.allowed == 7)
    let later: UInt64 = 300 * 1_000_000_000
    rule.refresh(now: later)
    #expect(!rule.isIdle, "it is not five minutes yet")
    rule.refresh(now: later + 1_000)
    #expect(rule.isIdle)
    rule.admit()
    rule.finish(.refused, round: rule.round, now: later)
    #expect(rule.allowed == 1)
    rule.refresh(now: 0)
    #expect(rule.isIdle, "the clock was set back")
  }
}

@Suite struct RemainingRuleTests {
  private let now: UInt64 = 1_767_225_600_000_000_000
  private let second: UInt64 = 1_000_000_000

  private func told(_ left: Int, resetsIn seconds: UInt64?) -> RemainingRule.Reading {
    .init(left: left, resets: seconds.map { now + $0 * second })
  }

  private func rule(_ reading: RemainingRule.Reading) -> RemainingRule {
    var rule = RemainingRule()
    rule.admit()
    rule.finish(reading, wasSent: true, hasAnswered: true, now: now)
    return rule
  }

  @Test func nothingLeftWaitsForTheWindowsEnd() {
    var rule = rule(told(0, resetsIn: 60))
    let end = now + 60 * second
    #expect(rule.block(now: now, ahead: 0) == LimitBlock(cause: .rate, earliest: end, wakes: end))
    rule.refresh(now: end - 1)
    #expect(rule.block(now: end - 1, ahead: 0) != nil)
    rule.refresh(now: end)
    #expect(rule.block(now: end, ahead: 0) == nil)
    rule.admit()
    #expect(rule.block(now: end, ahead: 0) != nil, "the new window is known to hold one")
  }

  @Test func whatIsUnderWayIsTakenFromWhatIsLeft() {
    var rule = rule(told(2, resetsIn: 60))
    rule.admit()
    #expect(rule.block(now: now, ahead: 0) == nil)
    rule.admit()
    #expect(rule.block(now: now, ahead: 0)?.earliest == now, "one that was not counted may come back")
    rule.finish(nil, wasSent: false, hasAnswered: false, now: now)
    #expect(rule.block(now: now, ahead: 0) == nil)
    rule.admit()
    rule.finish(nil, wasSent: true, hasAnswered: false, now: now)
    #expect(rule.block(now: now, ahead: 0) != nil, "an answer that tells nothing counts")
  }

  @Test func anAnswerThatIsOvertakenGivesNothingBack() {
    var rule = rule(told(10, resetsIn: 60))
    for _ in 0..<2 { rule.admit() }
    rule.finish(told(3, resetsIn: 60), wasSent: true, hasAnswered: true, now: now)
    rule.finish(told(4, resetsIn: 60), wasSent: true, hasAnswered: true, now: now)
    #expect(rule.left == 3)
    rule.admit()
    rule.finish(told(50, resetsIn: 30), wasSent: true, hasAnswered: true, now: now)
    #expect(rule.left == 3, "told of an earlier window")
    rule.admit()
    rule.finish(told(50, resetsIn: 120), wasSent: true, hasAnswered: true, now: now)
    #expect(rule.left == 50, "a new window")
  }

  @Test func aNumberWithoutAnEndIsBelievedForAMinute() {
    var rule = rule(told(0, resetsIn: nil))
    #expect(rule.block(now: now, ahead: 0)?.earliest == now + 60 * second)
    rule.refresh(now: now + 60 * second)
    #expect(rule.block(now: now + 60 * second, ahead: 0) == nil)
  }

  @Test func beforeTheFirstAnswerFewGoAtOnce() {
    var rule = RemainingRule()
    for _ in 0..<RemainingRule.firstLook {
      #expect(rule.block(now: now, ahead: 0) == nil)
      rule.admit()
    }
    #expect(rule.block(now: now, ahead: 0) != nil)
    rule.finish(nil, wasSent: true, hasAnswered: true, now: now)
    for _ in 0..<100 { rule.admit() }
    #expect(rule.block(now: now, ahead: 0) == nil, "a platform that tells nothing bounds nothing")
  }

  @Test func aWindowWithoutEndOrNumberIsNotClosedForEver() {
    var rule = rule(told(0, resetsIn: 1))
    let later = now + 2 * second
    rule.refresh(now: later)
    rule.admit()
    rule.finish(nil, wasSent: true, hasAnswered: true, now: later)
    rule.refresh(now: later)
    #expect(rule.block(now: later, ahead: 0) == nil)
  }

  @Test func aResetFarAwayIsNotBelieved() {
    var rule = rule(.init(left: 0, resets: .max))
    rule.refresh(now: now)
    #expect(rule.block(now: now, ahead: 0)?.earliest == now + RemainingRule.longestWindow)
  }
}

@Suite struct UsageRuleTests {
  private let now: UInt64 = 1_767_225_600_000_000_000
  private let second: UInt64 = 1_000_000_000

  private func rule(_ told: [UsageRule.Reading]) -> UsageRule {
    var rule = UsageRule(Limits.Usage(headers: ["x"], slowAt: 80, stopAt: 95))
    finish(&rule, told, at: now)
    return rule
  }

  private func finish(
    _ rule: inout UsageRule, _ told: [UsageRule.Reading], silent: [String] = [], at time: UInt64
  ) {
    let isProbe = rule.admit(now: time)
    rule.finish(.init(told: told, silent: silent), isProbe: isProbe, now: time)
  }

  private func reading(_ percent: Int, _ source: String = "x", regain: Duration? = nil) -> UsageRule.Reading {
    .init(source: source, percent: percent, regain: regain)
  }

  @Test func lowUsageHoldsNothing() {
    #expect(rule([reading(79)]).block(now: now, ahead: 0) == nil)
    #expect(rule([reading(79)]).isIdle)
  }

  @Test func theNearerTheStopTheFurtherApartRequestsGo() {
    var last: UInt64 = 0
    for percent in [82, 86, 90, 94] {
      let until = rule([reading(percent)]).block(now: now, ahead: 0)?.earliest ?? 0
      #expect(until > last, "\(percent)")
      last = until
    }
    #expect(last <= now + UsageRule.widestSpread)
    #expect(rule([reading(90)]).block(now: now, ahead: 3)?.earliest == now + 8 * second, "2 s each")
  }

  @Test func theWorstObjectCounts() {
    var rule = rule([reading(10, "x/1/pages"), reading(99, "x/1/instagram"), reading(85, "x/2/pages")])
    #expect(rule.percent == 99)
    #expect(rule.block(now: now, ahead: 0)?.earliest == now + UsageRule.firstHold)
    finish(&rule, [reading(5, "x/1/instagram")], at: now + second)
    #expect(rule.percent == 99, "sent before the wait began")
  }

  @Test func theStopLastsAsLongAsThePlatformSays() {
    var rule = rule([reading(100, regain: .seconds(17 * 60))])
    let end = now + 17 * 60 * second
    rule.refresh(now: end - 1)
    #expect(rule.block(now: end - 1, ahead: 0) == LimitBlock(cause: .usage, earliest: end, wakes: end))
    rule.refresh(now: end)
    #expect(rule.block(now: end, ahead: 0) == nil)
  }

  @Test func afterAStopOneRequestFindsOut() {
    var rule = rule([reading(97)])
    let end = now + UsageRule.firstHold
    let isProbe = rule.admit(now: end)
    #expect(isProbe)
    #expect(rule.block(now: end, ahead: 0) != nil, "the others wait for it")
    rule.finish(.init(told: [reading(98)]), isProbe: true, now: end)
    #expect(rule.block(now: end, ahead: 0)?.earliest == end + 2 * UsageRule.firstHold, "twice as long")
    let next = end + 2 * UsageRule.firstHold
    finish(&rule, [], silent: ["x"], at: next)
    #expect(rule.block(now: next, ahead: 0) == nil, "nothing is told any more")
    #expect(rule.isIdle)
  }

  @Test func aProbeThatFindsNothingOutLeavesItToTheNext() {
    var rule = rule([reading(97)])
    let end = now + UsageRule.firstHold
    var isProbe = rule.admit(now: end)
    #expect(isProbe)
    rule.finish(nil, isProbe: true, now: end)
    #expect(rule.block(now: end, ahead: 0) == nil)
    isProbe = rule.admit(now: end)
    #expect(isProbe)
    rule.finish(.init(isConclusive: false), isProbe: true, now: end)
    #expect(rule.percent == 97, "a failure leaves out what it likes")
    isProbe = rule.admit(now: end)
    #expect(isProbe)
  }

  @Test func silenceOfAHeaderThatIsOnlyThereWhenHighMeansLow() {
    var rule = rule([reading(90)])
    finish(&rule, [], silent: ["x"], at: now + second)
    #expect(rule.isIdle)
  }

  @Test func whatNobodyRenewsIsForgotten() {
    var rule = rule([reading(90, "x/1/pages")])
    rule.refresh(now: now + UsageRule.lifetime)
    #expect(rule.isIdle)
  }

  @Test func manyObjectsCostLittle() {
    let rule = rule((0..<1000).map { reading(90, "x/\($0)/pages") })
    #expect(rule.percent == 90)
    #expect(rule.block(now: now, ahead: 0) != nil)
  }
}

@Suite struct QuotaRuleTests {
  private let now: UInt64 = 1_767_225_600_000_000_000

  @Test func aQuotaIsCountedOnFromWhatWasTold() {
    var rule = QuotaRule()
    #expect(rule.block(now: now) == nil)
    rule.note(.init(used: 98, total: 100), now: now)
    rule.admit()
    rule.admit()
    #expect(rule.block(now: now)?.earliest == now + QuotaRule.lifetime)
    rule.finish(isWrite: true, isUndone: true)
    #expect(rule.block(now: now) == nil, "it did not happen")
    rule.finish(isWrite: true, isUndone: false)
    rule.admit()
    #expect(rule.block(now: now) != nil)
    rule.refresh(now: now + QuotaRule.lifetime)
    #expect(rule.block(now: now + QuotaRule.lifetime) == nil, "an old number is not believed")
  }

  @Test func readsPassAFullQuotaSoThatTheNextNumberCanBeRead() {
    var bucket = LimitBucket(
      Limits.Bucket(scope: .account, quota: .init(used: JSONPath(steps: []), total: JSONPath(steps: []))))
    let ticket = bucket.admit(now: now, isWrite: false)
    bucket.finish(
      ticket, isWrite: false, LimitEnding(), told: LimitReading(quota: .init(used: 5, total: 5)), now: now)
    #expect(bucket.block(now: now, isWrite: true)?.cause == .quota)
    #expect(bucket.block(now: now, isWrite: false) == nil)
  }
}
