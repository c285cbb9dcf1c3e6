internal import Synchronization

/// Passes a cancellation on to something that may not have started yet.
package final class CancellationRelay: Sendable {
  private enum State {
    case waiting
    case cancelled
    case set(Cancellation)
  }

  private let state = Mutex(State.waiting)

  package init() {}

  package func set(_ target: Cancellation) {
    let cancelNow = state.withLock { state in
      if case .cancelled = state { return true }
      state = .set(target)
      return false
    }
    if cancelNow { target.cancel() }
  }

  package func cancel() {
    let previous = state.withLock { state in
      defer { state = .cancelled }
      return state
    }
    if case .set(let target) = previous { target.cancel() }
  }
}
