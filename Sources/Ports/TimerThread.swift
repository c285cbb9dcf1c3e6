internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// One thread that fires the timers of the whole process.
///
/// A task for each timer was tried: it costs 2.2 KB, and every operation has a timer for its deadline.
final class TimerThread: Sendable {
  private struct State {
    var timers = TimerQueue()
    var isStarted = false
    /// When the thread will look again by itself.
    var wakesAt = UInt64.max

    mutating func takeDue(at now: UInt64) -> TimerQueue.Action? {
      let first = timers.takeFirst(dueAt: now)
      if first == nil { wakesAt = timers.nextDue ?? .max }
      return first?.action
    }
  }

  private let state = Mutex(State())
  private let wakes = DispatchSemaphore(value: 0)

  /// Fires `action` once, on the thread, unless it is given up before.
  func schedule(after delay: Duration, _ action: @escaping TimerQueue.Action) -> Cancellation {
    let due = delay.after(Self.now)
    let (id, mustStart, mustWake) = state.withLock { state in
      let id = state.timers.insert(due: due, action)
      defer {
        state.isStarted = true
        state.wakesAt = min(state.wakesAt, due)
      }
      return (id, !state.isStarted, due < state.wakesAt)
    }
    if mustStart { NamedThread.start("patchbay-clock") { self.run() } }
    if mustWake { wakes.signal() }
    return Cancellation { [self] in _ = state.withLock { $0.timers.remove(id) } }
  }

  private func run() {
    while true {
      let now = Self.now
      if let action = state.withLock({ $0.takeDue(at: now) }) {
        action()
        continue
      }
      // A timer that is due earlier signals; an hour at most, so that no sum of times overflows.
      let wakesAt = state.withLock { $0.wakesAt }
      let pause = wakesAt > now ? min(wakesAt - now, 3_600_000_000_000) : 0
      _ = wakes.wait(timeout: .now() + .nanoseconds(Int(pause)))
    }
  }

  /// Calls `clock_gettime(CLOCK_MONOTONIC)`.
  private static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
