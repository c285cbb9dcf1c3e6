package import Ports

/// What the dispatcher did, for logs and metrics.
///
/// Nothing in it is secret but the job's payload, which must not be logged.
package enum JobEvent: Sendable {
  case claimed(Lease)
  /// Scheduled and retrying jobs whose time has come.
  case released(Int)
  case settled(Job, Settlement, Attempt)
  /// Another worker has the job, or may have it; nothing of this attempt is stored.
  case leaseLost(Job)
  case alert(Job, String)
  /// - Parameter doing: what the dispatcher wanted, as in "claiming jobs"; it tries again unless the row is gone.
  case storeFailed(StoreError, doing: String)
  /// The host has stopped, and the attempt had not returned or could not be settled; its lease runs out.
  case leftBehind(Job)
}
