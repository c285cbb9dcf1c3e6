internal import Synchronization

/// The end of a thread's work, awaited by any number of tasks.
package final class ThreadCompletion: Sendable {
  private struct State {
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Suspends until the thread's work is over.
  package func wait() async {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(waiter) }
        return state.isOver
      }
      if isOver { waiter.resume() }
    }
  }

  func settle() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
