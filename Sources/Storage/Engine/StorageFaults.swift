internal import GRDB
internal import Ports

/// What went wrong with one file, in words for its operator; never a row's content.
struct StorageFaults: Sendable {
  let path: String

  var closed: StoreError { unavailable("is closed: the host is shutting down") }

  var full: StoreError {
    StoreError(
      .full, "There is no space to store into \(path): free some on its disk; what was stored is safe.")
  }

  var readOnly: StoreError {
    StoreError(
      .readOnly, "\(path) cannot be written: let the host's user write the file and its directory.")
  }

  var corrupt: StoreError {
    StoreError(
      .corrupt,
      "\(path) is damaged or no database, and nothing more is written to it: stop the host and put a backup in its place."
    )
  }

  func tooNew(_ version: Int) -> StoreError {
    StoreError(
      .tooNew,
      "\(path) has schema \(version), and this Patchbay knows \(Schema.version): start a later version.")
  }

  func unavailable(_ rest: String) -> StoreError { StoreError(.unavailable, "\(path) \(rest).") }

  /// The one place where errors of the engine become ours.
  func error(_ error: any Error) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else { return unavailable("does not answer: look at its disk") }
    // The index of the write-ahead log is the first that grows, and says so in its own way.
    if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return full }
    return switch error.resultCode {
    case .SQLITE_FULL: full
    case .SQLITE_READONLY: readOnly
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: corrupt
    case .SQLITE_CONSTRAINT:
      StoreError(.conflict, "A row of \(path) exists already or has changed: read it again.")
    case .SQLITE_MISUSE: closed
    case .SQLITE_BUSY, .SQLITE_LOCKED: unavailable("is locked by another process: end that one")
    default: unavailable("does not answer (SQLite code \(error.resultCode.rawValue)): look at its disk")
    }
  }
}
