import Ports
import Synchronization
import Testing

@Suite struct VirtualClockTests {
  private let clock = VirtualClock(unixNanoseconds: 0)

  @Test func timersFireInTheOrderOfTheirTimesEachAtItsOwn() {
    let fired = Mutex<[String]>([])
    for (name, delay) in [("b", 2), ("a", 1), ("c", 2)] {
      _ = clock.schedule(after: .seconds(delay)) { [clock] in
        fired.withLock { $0.append("\(name)@\(clock.unixNanoseconds / 1_000_000_000)") }
      }
    }
    clock.advance(by: .seconds(1))
    #expect(fired.withLock { $0 } == ["a@1"])
    clock.advance(by: .seconds(9))
    #expect(fired.withLock { $0 } == ["a@1", "b@2", "c@2"])
    #expect(clock.unixNanoseconds == 10_000_000_000)
  }

  @Test func cancelledTimerNeverFires() {
    let fired = Atomic(false)
    let timer = clock.schedule(after: .seconds(1)) { fired.store(true, ordering: .relaxed) }
    timer.cancel()
    clock.advance(by: .seconds(2))
    let hasFired = fired.load(ordering: .relaxed)
    #expect(!hasFired)
    #expect(!clock.advanceToNextTimer())
  }

  @Test func absurdDelayNeverFires() {
    let later = VirtualClock(unixNanoseconds: 7)
    _ = later.schedule(after: .milliseconds(UInt64.max)) { Issue.record("time wrapped around") }
    later.advance(by: .seconds(1_000_000))
  }

  @Test func sleeperWakesWhenItIsTime() async throws {
    async let slept: Void = clock.sleep(for: .seconds(5))
    await clock.waitForTimers(1)
    clock.advance(by: .seconds(5))
    try await slept
    #expect(clock.pendingTimers == 0)
  }

  @Test func cancelledSleeperWakesAtOnce() async {
    let sleeper = Task { [clock] in try await clock.sleep(for: .seconds(5)) }
    await clock.waitForTimers(1)
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.pendingTimers == 0)
  }

  @Test func sleepInACancelledTaskDoesNotWait() async {
    let sleeper = Task { [clock] in
      while !Task.isCancelled { await Task.yield() }
      try await clock.sleep(for: .seconds(5))
    }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }
}

@Suite struct SystemClockTests {
  @Test func timerFiresOffTheCallersStack() async {
    let clock = SystemClock()
    let before = clock.unixNanoseconds
    await withCheckedContinuation { continuation in
      _ = clock.schedule(after: .milliseconds(1)) { continuation.resume() }
    }
    #expect(clock.unixNanoseconds - before >= 1_000_000)
  }

  @Test func earlierTimerOvertakesALaterOne() async {
    let clock = SystemClock()
    let late = clock.schedule(after: .seconds(86_400 * 365 * 1_000)) {
      Issue.record("a thousand years passed")
    }
    let tooLate = clock.schedule(after: .seconds(Int64.max)) { Issue.record("time overflowed") }
    for _ in 0..<100 {
      await withCheckedContinuation { continuation in
        _ = clock.schedule(after: .microseconds(10)) { continuation.resume() }
      }
    }
    late.cancel()
    tooLate.cancel()
  }

  @Test func cancelledTimerReleasesWhatItHolds() async {
    final class Held: Sendable {}
    var held: Held? = Held()
    weak let watched = held
    let timer = SystemClock().schedule(after: .seconds(3_600)) { [held] in _ = held }
    held = nil
    #expect(watched != nil)
    timer.cancel()
    #expect(watched == nil)
  }
}

@Suite struct DurationUnitsTests {
  @Test(arguments: [
    (Duration.zero, "0 ms"), (.milliseconds(250), "250 ms"), (.seconds(1), "1 s"),
    (.milliseconds(1_500), "2 s"),
    (.seconds(90), "90 s"), (.seconds(120), "2 min"), (.seconds(3_600), "1 h"),
  ])
  func durationsReadAsPeopleSayThem(duration: Duration, words: String) { #expect(duration.words == words) }

  @Test func nanosecondsAreClampedAndMillisecondsRoundedUp() {
    #expect(Duration.seconds(-1).nanosecondsClamped == 0)
    #expect(Duration.seconds(Int64.max).nanosecondsClamped == .max)
    #expect(Duration.nanoseconds(1).millisecondsRoundedUp == 1)
    #expect(Duration.milliseconds(2).millisecondsRoundedUp == 2)
    #expect(Duration.zero.millisecondsRoundedUp == 0)
    #expect(Duration.nanoseconds(2).after(40) == 42)
    #expect(Duration.seconds(1).after(.max - 1) == .max)
  }
}
