import Ports
import Testing

@testable import Egress

@Suite struct ConcurrencyGateTests {
  private let claim = [ConcurrencyBuckets.Claim(key: .init(bucket: "b", subject: ""), limit: 1)]

  private func permit(_ entry: ConcurrencyGate.Entry) -> ConcurrencyBuckets.Permit? {
    if case .admitted(let permit) = entry { return permit }
    return nil
  }

  @Test func aWaiterGoesWhenThePlaceComesFree() async throws {
    let clock = VirtualClock()
    let gate = ConcurrencyGate(clock: clock)
    let first = try #require(permit(await gate.enter(claim, within: .seconds(30))))
    async let second = gate.enter(claim, within: .seconds(30))
    await clock.waitForTimers(1)
    gate.leave(first, .fine)
    #expect(permit(await second) != nil)
    #expect(clock.pendingTimers == 0)
  }

  @Test func aWaitEndsAtItsBound() async throws {
    let clock = VirtualClock()
    let gate = ConcurrencyGate(clock: clock)
    let first = try #require(permit(await gate.enter(claim, within: .seconds(30))))
    async let second = gate.enter(claim, within: .seconds(30))
    await clock.waitForTimers(1)
    clock.advance(by: .seconds(30))
    guard case .tookTooLong = await second else {
      Issue.record("the wait is bounded")
      return
    }
    gate.leave(first, .fine)
    #expect(permit(await gate.enter(claim, within: .seconds(30))) != nil)
  }

  @Test func aCancelledWaiterLeavesItsPlaceToTheNext() async throws {
    let clock = VirtualClock()
    let gate = ConcurrencyGate(clock: clock)
    let first = try #require(permit(await gate.enter(claim, within: .seconds(30))))
    let claim = claim
    let second = Task { await gate.enter(claim, within: .seconds(30)) }
    await clock.waitForTimers(1)
    second.cancel()
    guard case .cancelled = await second.value else {
      Issue.record("cancelling ends the wait")
      return
    }
    async let third = gate.enter(claim, within: .seconds(30))
    await clock.waitForTimers(1)
    gate.leave(first, .fine)
    #expect(permit(await third) != nil)
  }

  @Test func requestsWithoutBucketsNeverWait() async {
    let gate = ConcurrencyGate(clock: VirtualClock())
    #expect(permit(await gate.enter([], within: .zero)) != nil)
  }
}
