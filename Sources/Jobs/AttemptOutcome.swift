package import ConnectorModel
package import Ports

/// How an attempt ended, as the runner tells the dispatcher.
package struct AttemptOutcome: Sendable, Equatable {
  package enum Ending: Sendable, Equatable {
    /// - Parameter result: one JSON value.
    case succeeded(result: [UInt8], post: Post?)
    /// - Parameter performedWrite: something may have changed at the platform.
    case failed(OperationError, performedWrite: Bool)
    /// The operation waits in its journal until then.
    case parked(until: UInt64, note: String)
    /// Provably nothing could be sent; the operation goes on from its journal, or begins anew when nothing had to be
    /// stored, not before that time.
    case offline(notBefore: UInt64, note: String)
    /// The host stops; the operation goes on from its journal later.
    case suspended
    /// It may have taken effect, and no other attempt could find out: the journal cannot be replayed.
    case indeterminate(OperationError)
    /// The lease was lost: another worker has the job.
    case fenced
  }

  package var ending: Ending
  /// The dispatcher fills in ``AttemptTimes/queue``.
  package var times: AttemptTimes
  /// Exchanges begun on the wire.
  package var requests: Int
  package var wasReplayed: Bool

  package init(
    _ ending: Ending, times: AttemptTimes = AttemptTimes(), requests: Int = 0, wasReplayed: Bool = false
  ) {
    self.ending = ending
    self.times = times
    self.requests = requests
    self.wasReplayed = wasReplayed
  }
}
