internal import GRDB
internal import Ports

/// The tables, and the way from every earlier version of them to this one; there is no way back.
enum Schema {
  /// One step for each version, in order; a step that was released is never changed.
  private static let steps: [String] = [
    Schema.version1, Schema.version2, Schema.syncs, Schema.blobs, Schema.limits,
  ]

  static var version: Int { steps.count }

  /// Each step is one transaction with the version that it reaches, so that a kill repeats a step or skips it.
  static func migrate(_ database: Database, isReadOnly: Bool, _ faults: StorageFaults) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else { throw faults.tooNew(found) }
    guard found < version else { return }
    guard !isReadOnly else { throw faults.readOnly }
    for (index, step) in steps.enumerated().dropFirst(found) {
      try database.inTransaction(.immediate) {
        try database.execute(sql: step)
        try database.execute(sql: "PRAGMA user_version = \(index + 1)")
        return .commit
      }
    }
  }
}
