internal import Ports
internal import Synchronization

extension Transport {
  /// Performs one exchange; cancelling the task cancels it, and its end is still awaited.
  func exchange(_ request: TransportRequest) async -> TransportResult {
    let call = WireCall()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        call.begin(start(request) { waiter.resume(returning: $0) })
      }
    } onCancel: {
      call.cancel()
    }
  }
}

/// The cancellation of an exchange that may be cancelled before it has one.
private final class WireCall: Sendable {
  private enum State {
    case idle
    case cancelled
    case running(Cancellation)
  }

  private let state = Mutex(State.idle)

  func begin(_ cancellation: Cancellation) {
    let isCancelled = state.withLock { state in
      if case .cancelled = state { return true }
      state = .running(cancellation)
      return false
    }
    if isCancelled { cancellation.cancel() }
  }

  func cancel() {
    let running = state.withLock { state in
      defer { state = .cancelled }
      if case .running(let cancellation) = state { return cancellation as Cancellation? }
      return nil
    }
    running?.cancel()
  }
}
