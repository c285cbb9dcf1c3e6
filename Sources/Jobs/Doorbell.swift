package import Ports
internal import Synchronization

/// Wakes one waiting task; a ring that nobody waits for is kept for the next wait.
package final class Doorbell: Sendable {
  private struct State {
    var isRung = false
    var waiter: CheckedContinuation<Void, Never>?
    var timer = Cancellation.none
  }

  private let state = Mutex(State())

  package init() {}

  package func ring() {
    let (waiter, timer) = state.withLock { state in
      let waiter = state.waiter.take()
      state.isRung = waiter == nil
      return (waiter, state.timer)
    }
    guard let waiter else { return }
    timer.cancel()
    waiter.resume()
  }

  /// Returns at a ring, after `limit` at the latest; only one task may wait.
  package func wait(atMost limit: Duration, on clock: any HostClock) async {
    await withCheckedContinuation { continuation in
      let mustGoOn = state.withLock { state in
        if state.isRung {
          state.isRung = false
          return true
        }
        state.waiter = continuation
        state.timer = clock.schedule(after: limit) { self.ring() }
        return false
      }
      if mustGoOn { continuation.resume() }
    }
  }
}
