internal import Synchronization

/// A clock that moves only when told, for tests and conformance.
///
/// Timers fire in the order of their times.
package final class VirtualClock: HostClock {
  fileprivate struct State {
    var now: UInt64
    var timers = TimerQueue()
    var watchers: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  /// Starts at `unixNanoseconds`, by default 2026-01-01T00:00:00Z.
  package init(unixNanoseconds: UInt64 = 1_767_225_600_000_000_000) {
    state = Mutex(State(now: unixNanoseconds))
  }

  package var unixNanoseconds: UInt64 { state.withLock { $0.now } }

  /// How many timers are waiting.
  package var pendingTimers: Int { state.withLock { $0.timers.count } }

  package func schedule(
    after delay: Duration, _ fire: @escaping @Sendable () -> Void
  ) -> Cancellation {
    let (id, ready) = state.withLock { state in
      let id = state.timers.insert(due: delay.after(state.now), fire)
      return (id, state.takeReadyWatchers())
    }
    for watcher in ready { watcher.resume() }
    return Cancellation { [weak self] in
      _ = self?.state.withLock { $0.timers.remove(id) }
    }
  }

  /// Moves time forward, firing what falls due on the way, each at its own time.
  package func advance(by duration: Duration) {
    let end = state.withLock { duration.after($0.now) }
    while let timer = state.withLock({ $0.takeNext(until: end) }) { timer() }
    state.withLock { $0.now = max($0.now, end) }
  }

  /// Moves time to the next timer and fires it.
  ///
  /// False when none waits.
  @discardableResult
  package func advanceToNextTimer() -> Bool {
    guard let timer = state.withLock({ $0.takeNext(until: .max) }) else { return false }
    timer()
    return true
  }

  /// Suspends until at least `count` timers wait, so that a test can advance without polling.
  package func waitForTimers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state in
        state.watchers.append((count, continuation))
        return state.takeReadyWatchers()
      }
      for watcher in ready { watcher.resume() }
    }
  }
}

extension VirtualClock.State {
  fileprivate mutating func takeNext(until end: UInt64) -> TimerQueue.Action? {
    guard let (due, action) = timers.takeFirst(dueAt: end) else { return nil }
    now = max(now, due)
    return action
  }

  fileprivate mutating func takeReadyWatchers() -> [CheckedContinuation<Void, Never>] {
    let ready = watchers.filter { $0.count <= timers.count }.map(\.resume)
    watchers.removeAll { $0.count <= timers.count }
    return ready
  }
}
