internal import GRDB
package import Ports

extension SQLiteStore {
  private static let keyColumns = "id, tenant, digest, scopes, label, created_at, revoked_at"

  private static func readKey(_ row: inout RowReader) throws -> APIKey {
    APIKey(
      id: row.text(), tenant: row.text(), digest: row.bytes(),
      // A scope that a later version gave is no right in this one.
      scopes: Set(try row.json([String].self).compactMap(APIKey.Scope.init(rawValue:))), label: row.text(),
      createdAt: row.time(), revokedAt: row.optionalTime())
  }

  package func add(_ key: APIKey) async throws(StoreError) {
    try await write { database in
      try database.run(
        "INSERT INTO api_keys (\(Self.keyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          key.id, key.tenant, key.digest.blob, try key.scopes.map(\.rawValue).sorted().stableJSON(),
          key.label,
          key.createdAt.time, key.revokedAt?.time,
        ])
    }
  }

  package func apiKey(_ id: String) async throws(StoreError) -> APIKey? {
    try await read { database in
      try database.first("SELECT \(Self.keyColumns) FROM api_keys WHERE id = ?", [id], Self.readKey)
    }
  }

  package func apiKeys(tenant: String?) async throws(StoreError) -> [APIKey] {
    try await read { database in
      try database.all(
        "SELECT \(Self.keyColumns) FROM api_keys WHERE ?1 IS NULL OR tenant = ?1 ORDER BY number", [tenant],
        Self.readKey)
    }
  }

  package func revokeAPIKey(_ id: String, at now: UInt64) async throws(StoreError) {
    try await write { database in
      // The first revocation stands.
      try database.run(
        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", [now.time, id])
      guard database.changesCount == 1 else {
        throw StoreError(.notFound, "There is no API key \(id): list the keys to see their ids.")
      }
    }
  }
}
