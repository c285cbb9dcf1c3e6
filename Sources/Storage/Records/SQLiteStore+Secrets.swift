internal import GRDB
package import Ports

extension SQLiteStore {
  static func insert(_ database: Database, _ secret: SealedSecret) throws {
    try database.run(
      "INSERT INTO secrets (connection, tenant, field, alternative, generation, bytes) VALUES (?, ?, ?, ?, ?, ?)",
      [
        secret.connection, secret.tenant, secret.field, secret.alternative, secret.generation.bits,
        secret.bytes.blob,
      ])
  }

  package func secret(connection: String, field: String) async throws(StoreError) -> SealedSecret? {
    try await read { database in
      try database.first(
        """
        SELECT connection, tenant, field, alternative, generation, bytes FROM secrets
        WHERE connection = ? AND field = ?
        """, [connection, field]
      ) { row in
        SealedSecret(
          connection: row.text(), tenant: row.text(), field: row.text(), alternative: row.integer(),
          generation: row.bits(), bytes: row.bytes())
      }
    }
  }

  package func replace(_ secret: SealedSecret, ifGeneration generation: UInt64) async throws(StoreError) {
    try await write { database in
      // Without the connection the foreign key refuses it, and with another generation the primary key does.
      if generation == 0 { return try Self.insert(database, secret) }
      try database.run(
        """
        UPDATE secrets SET alternative = ?, generation = ?, bytes = ?
        WHERE connection = ? AND field = ? AND generation = ? AND tenant = ?
        """,
        [
          secret.alternative, secret.generation.bits, secret.bytes.blob, secret.connection, secret.field,
          generation.bits, secret.tenant,
        ])
      guard database.changesCount == 1 else {
        throw StoreError(
          .conflict,
          "The secret \(secret.field) of connection \(secret.connection) has another generation: read it again."
        )
      }
    }
  }
}
