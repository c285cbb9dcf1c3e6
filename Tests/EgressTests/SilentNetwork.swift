import Ports

/// A network that never lets a connection come about, and takes its time to say so.
struct SilentNetwork: Transport {
  let clock: VirtualClock
  var after: Duration

  init(clock: VirtualClock, after: Duration) {
    self.clock = clock
    self.after = after
  }

  func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation {
    Task {
      clock.advance(by: after)
      done(.failed(TransportFailure(kind: .timeout, requestMayHaveLeft: false, message: "no connection")))
    }
    return .none
  }
}
