import Ports
import Testing

@testable import Jobs

@Suite(.timeLimit(.minutes(10))) struct DoorbellTests {
  private let clock = VirtualClock(unixNanoseconds: start)
  private let bell = Doorbell()

  @Test func ringThatNobodyWaitedForEndsTheNextWaitOnly() async {
    bell.ring()
    bell.ring()
    await bell.wait(atMost: .seconds(1), on: clock)
    async let second: Void = bell.wait(atMost: .seconds(1), on: clock)
    await clock.waitForTimers(1)
    clock.advance(by: .seconds(1))
    await second
  }

  @Test func ringEndsAWaitAndItsTimer() async {
    async let wait: Void = bell.wait(atMost: .seconds(1), on: clock)
    await clock.waitForTimers(1)
    bell.ring()
    await wait
    #expect(clock.pendingTimers == 0)
    #expect(clock.unixNanoseconds == start)
  }
}
