internal import Operations
internal import Ports

/// Something that the runner of syncs did, for log and metrics.
enum SyncEvent: Sendable {
  case started(SyncState)
  case step(SyncState, OperationStep)
  case ended(SyncState, SyncMachine.Ending, SyncTally, OperationReport, Duration)
  /// Its account no longer answers: the connection was marked so.
  case needsAttention(SyncState, reason: String)
  case storeFailed(StoreError, doing: String)
}
