internal import Synchronization

/// One waiter, woken once: by its timer or by cancellation, whichever comes first, before or after it lies down.
final class Alarm: Sendable {
  private enum State {
    case idle
    case rung
    case waiting(CheckedContinuation<Void, Never>, Cancellation)
  }

  private let state = Mutex(State.idle)

  func set(_ waiter: CheckedContinuation<Void, Never>, timer: () -> Cancellation) {
    let wakeNow = state.withLock { state in
      if case .rung = state { return true }
      state = .waiting(waiter, timer())
      return false
    }
    if wakeNow { waiter.resume() }
  }

  func ring() {
    let previous = state.withLock { state in
      defer { state = .rung }
      return state
    }
    if case .waiting(let waiter, let timer) = previous {
      timer.cancel()
      waiter.resume()
    }
  }
}
