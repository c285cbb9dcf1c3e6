import Ports
import Testing

@testable import Egress
@testable import Manifest

@Suite struct LimitGateTests {
  private let claim = [LimitClaim.concurrent(1, "b")]

  private func request(_ claims: [LimitClaim]) -> LimitGate.Request { .init(claims: claims, lane: "a") }

  private func permit(_ passage: LimitGate.Passage) -> Limiter.Permit? {
    if case .admitted(let permit) = passage.entry { return permit }
    return nil
  }

  @Test func aWaiterGoesWhenThePlaceComesFree() async throws {
    let clock = VirtualClock()
    let gate = LimitGate(clock: clock)
    let first = try #require(permit(await gate.enter(request(claim), within: .seconds(30))))
    async let second = gate.enter(request(claim), within: .seconds(30))
    await clock.waitForTimers(1)
    gate.leave(first, LimitEnding())
    let passage = await second
    #expect(permit(passage) != nil)
    #expect(passage.reason == "concurrency:b")
    #expect(clock.pendingTimers == 0)
  }

  @Test func aWaiterGoesWhenTimeLetsIt() async throws {
    let clock = VirtualClock()
    let gate = LimitGate(clock: clock)
    let rate = request([.rate(1, per: .seconds(1), "second")])
    gate.leave(try #require(permit(await gate.enter(rate, within: .seconds(30)))), LimitEnding())
    for _ in 0..<2 {
      async let next = gate.enter(rate, within: .seconds(30))
      await clock.waitForTimers(2)
      clock.advance(by: .seconds(1))
      gate.leave(try #require(permit(await next)), LimitEnding())
    }
    #expect(clock.pendingTimers == 0)
    #expect(clock.unixNanoseconds == 1_767_225_602_000_000_000)
  }

  @Test func aWaitEndsAtItsBound() async throws {
    let clock = VirtualClock()
    let gate = LimitGate(clock: clock)
    let first = try #require(permit(await gate.enter(request(claim), within: .seconds(30))))
    async let second = gate.enter(request(claim), within: .seconds(30))
    await clock.waitForTimers(1)
    clock.advance(by: .seconds(30))
    guard case .tookTooLong = await second.entry else {
      Issue.record("the wait is bounded")
      return
    }
    gate.leave(first, LimitEnding())
    #expect(permit(await gate.enter(request(claim), within: .seconds(30))) != nil)
  }

  @Test func aCancelledWaiterLeavesItsPlaceToTheNext() async throws {
    let clock = VirtualClock()
    let gate = LimitGate(clock: clock)
    let first = try #require(permit(await gate.enter(request(claim), within: .seconds(30))))
    let request = request(claim)
    let second = Task { await gate.enter(request, within: .seconds(30)) }
    await clock.waitForTimers(1)
    second.cancel()
    guard case .cancelled = await second.value.entry else {
      Issue.record("cancelling ends the wait")
      return
    }
    async let third = gate.enter(request, within: .seconds(30))
    await clock.waitForTimers(1)
    gate.leave(first, LimitEnding())
    #expect(permit(await third) != nil)
  }

  @Test func aWaitThatCannotBeShortEnoughIsNotBegun() async throws {
    let clock = VirtualClock()
    let gate = LimitGate(clock: clock)
    let daily = request([.rate(1, per: .seconds(86_400), "daily")])
    gate.leave(try #require(permit(await gate.enter(daily, within: .seconds(30)))), LimitEnding())
    guard case .refused(let refusal) = await gate.enter(daily, within: .seconds(30)).entry else {
      Issue.record("a day is too long")
      return
    }
    #expect(refusal == .init(reason: "rate:daily", wait: .seconds(86_400)))
    #expect(clock.pendingTimers == 0)
  }

  @Test func requestsWithoutBucketsNeverWait() async {
    let gate = LimitGate(clock: VirtualClock())
    #expect(permit(await gate.enter(request([]), within: .zero)) != nil)
  }

  @Test func manyTasksOnTheRealClockAllPassAndNoneTogether() async {
    let gate = LimitGate(clock: SystemClock())
    let request = request([.concurrent(2), .rate(50, per: .milliseconds(100))])
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<300 {
        group.addTask {
          guard case .admitted(let permit) = await gate.enter(request, within: .seconds(600)).entry else {
            return false
          }
          let inUse = gate.states(now: SystemClock().unixNanoseconds).first { $0.kind == .concurrency }?.inUse
          gate.leave(permit, LimitEnding())
          return (inUse ?? 3) <= 2
        }
      }
      for await isFine in group { #expect(isFine) }
    }
  }
}
