internal import GRDB
package import Ports

extension SQLiteStore {
  package func enqueue(_ job: Job, capacity: Int) async throws(StoreError) -> Enqueued {
    try await write { database in
      let (waiting, blocked, first) =
        try database.first(
          """
          SELECT
            (SELECT scheduled + pending + retrying + held FROM turns WHERE tenant = ?1),
            (SELECT blocked FROM lanes WHERE connection = ?2),
            (SELECT number FROM jobs WHERE tenant = ?1 AND connection = ?2 AND idempotency_key = ?3 AND in_ledger = 1)
          """, [job.tenant, job.connection, job.idempotencyKey.blob]
        ) { row in (row.optionalInteger() ?? 0, row.optionalInteger() ?? 0, row.optionalInteger()) } ?? (
          0, 0, nil
        )

      if let first {
        let found = try database.first(
          "SELECT \(JobRow.columns) FROM jobs WHERE number = ?", [first], JobRow.read)
        guard let found else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return found.digest == job.digest ? .existing(found) : .otherBody(found)
      }
      guard waiting < capacity else { return .full(waiting: waiting) }
      return .made(try Lane.admit(database, job, blocked: blocked))
    }
  }
}
