internal import GRDB
package import Ports

extension SQLiteStore {
  package func job(idempotencyKey: String, connection: String, tenant: String) async throws(StoreError)
    -> Job?
  {
    try await read { database in
      try database.first(
        """
        SELECT \(JobRow.columns) FROM jobs
        WHERE tenant = ? AND connection = ? AND idempotency_key = ? AND in_ledger = 1
        """, [tenant, connection, idempotencyKey.blob], JobRow.read)
    }
  }
}
