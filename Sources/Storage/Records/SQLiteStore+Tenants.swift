internal import GRDB
package import Ports

extension SQLiteStore {
  private static func readTenant(_ row: inout RowReader) -> Tenant {
    Tenant(id: row.text(), createdAt: row.time(), dataKey: row.optionalBytes())
  }

  private static func find(_ database: Database, tenant id: String) throws -> Tenant? {
    try database.first("SELECT id, created_at, data_key FROM tenants WHERE id = ?", [id], readTenant)
  }

  package func makeTenant(_ tenant: Tenant) async throws(StoreError) -> Tenant {
    try await write { database in
      try database.run(
        "INSERT INTO tenants (id, created_at, data_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [tenant.id, tenant.createdAt.time, tenant.dataKey?.blob])
      return try Self.find(database, tenant: tenant.id) ?? tenant
    }
  }

  package func tenant(_ id: String) async throws(StoreError) -> Tenant? {
    try await read { try Self.find($0, tenant: id) }
  }

  package func tenants() async throws(StoreError) -> [Tenant] {
    try await read { database in
      try database.all("SELECT id, created_at, data_key FROM tenants ORDER BY number", [], Self.readTenant)
    }
  }

  package func keepDataKey(_ wrapped: [UInt8], tenant: String) async throws(StoreError) -> [UInt8] {
    try await write { database in
      try database.run(
        "UPDATE tenants SET data_key = ? WHERE id = ? AND data_key IS NULL", [wrapped.blob, tenant])
      guard let kept = try Self.find(database, tenant: tenant)?.dataKey else {
        throw StoreError(.notFound, "There is no tenant \(tenant): make it before its data key is kept.")
      }
      return kept
    }
  }
}
