internal import GRDB
package import Ports

extension SQLiteStore {
  /// Finding them is left to a reader; the one thread that writes is given their numbers.
  package func remove(_ kind: RetainedKind, before time: UInt64, limit: Int) async throws(StoreError) -> Int {
    let numbers = try await read { database in
      try database.all(Self.search(for: kind), [time.time, limit]) { row in row.integer() }
    }
    guard !numbers.isEmpty else { return 0 }
    return try await write { database in
      var removed = 0
      for number in numbers {
        try database.run(
          "DELETE FROM \(kind.table) WHERE number = ? AND \(kind.condition)", [number, time.time])
        guard database.changesCount == 1 else { continue }
        removed += 1
        if kind == .jobs { try database.run("DELETE FROM attempts WHERE job = ?", [number]) }
      }
      return removed
    }
  }

  private static func search(for kind: RetainedKind) -> String {
    "SELECT number FROM \(kind.table) WHERE \(kind.condition.replacing("?2", with: "?1")) LIMIT ?2"
  }
}

extension RetainedKind {
  fileprivate var table: String { rawValue }

  /// What may go; `?2` is the time before which it was over.
  fileprivate var condition: String {
    switch self {
    case .jobs:
      """
      finished_at IS NOT NULL AND in_ledger = 0 AND finished_at < ?2
      AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE job = jobs.number)
      """
    case .deadLetters:
      // The job that repeats it asks the old one when the order was first given.
      """
      (retried_as IS NOT NULL OR dropped_at IS NOT NULL) AND created_at < ?2
      AND (dropped_at IS NULL OR dropped_at < ?2) AND NOT EXISTS (
        SELECT 1 FROM jobs WHERE id = retried_as AND (finished_at IS NULL OR finished_at >= ?2))
      """
    case .healthChecks: "at < ?2"
    case .records: "updated_at < ?2"
    }
  }
}
