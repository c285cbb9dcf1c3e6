internal import GRDB
package import Ports

extension SQLiteStore {
  static func insert(_ database: Database, _ entry: AuditEntry) throws {
    try database.run(
      "INSERT INTO audit (tenant, actor, event, subject, detail, at) VALUES (?, ?, ?, ?, ?, ?)",
      [entry.tenant, entry.actor, entry.event, entry.subject, entry.detail, entry.at.time])
  }

  package func add(_ entry: AuditEntry) async throws(StoreError) {
    try await write { try Self.insert($0, entry) }
  }

  package func auditEntries(tenant: String, page: PageRequest) async throws(StoreError) -> Page<AuditEntry> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT number, tenant, actor, event, subject, detail, at FROM audit WHERE tenant = ? AND number < ?
        ORDER BY number DESC LIMIT ?
        """, [tenant, try page.position("audit") ?? .max, page.rows]
      ) { row in
        (
          Int64(row.integer()),
          AuditEntry(
            tenant: row.text(), actor: row.text(), event: row.text(), subject: row.text(), detail: row.text(),
            at: row.time())
        )
      }
      return page.page("audit", rows)
    }
  }
}
