internal import GRDB
package import Ports

extension SQLiteStore {
  package func add(_ connection: ConnectionRecord, secrets: [SealedSecret], audit: AuditEntry)
    async throws(StoreError)
  {
    try await write { database in
      try ConnectionRow.insert(database, connection)
      for secret in secrets { try Self.insert(database, secret) }
      try Lane.make(database, for: connection)
      try Self.insert(database, audit)
    }
  }

  package func connection(_ id: String, tenant: String) async throws(StoreError) -> ConnectionRecord? {
    try await read { try ConnectionRow.find($0, id, tenant: tenant) }
  }

  package func connection(_ id: String) async throws(StoreError) -> ConnectionRecord? {
    try await read { database in
      try database.first(
        "SELECT \(ConnectionRow.columns) FROM connections WHERE id = ?", [id], ConnectionRow.read)
    }
  }

  package func connections(tenant: String, connector: String?, page: PageRequest) async throws(StoreError)
    -> Page<ConnectionRecord>
  {
    try await read { database in
      let rows = try database.all(
        """
        SELECT number, \(ConnectionRow.columns) FROM connections
        WHERE tenant = ?1 AND number < ?2 AND (?3 IS NULL OR connector = ?3) ORDER BY number DESC LIMIT ?4
        """, [tenant, try page.position("connections") ?? .max, connector, page.rows]
      ) { row in (Int64(row.integer()), try ConnectionRow.read(&row)) }
      return page.page("connections", rows)
    }
  }

  package func connectionCounts(tenant: String) async throws(StoreError) -> [ConnectionState: Int] {
    try await read { database in
      let counts: [(ConnectionState, Int)] = try database.all(
        "SELECT state, count(*) FROM connections WHERE tenant = ? GROUP BY state", [tenant]
      ) { row in (try row.choice(), row.integer()) }
      return Dictionary(uniqueKeysWithValues: counts)
    }
  }

  package func update(_ connection: ConnectionRecord, audit: AuditEntry) async throws(StoreError)
    -> ConnectionRecord
  {
    try await write { database in
      guard let old = try ConnectionRow.find(database, connection.id, tenant: connection.tenant) else {
        throw ConnectionRow.missing(connection.id)
      }
      guard old.version == connection.version else {
        throw StoreError(
          .conflict, "Connection \(connection.id) has changed since it was read: read it again.")
      }
      var new = connection
      // What a connection is for never changes; its jobs and its connector's state belong to that.
      new.connector = old.connector
      new.createdAt = old.createdAt
      new.version = old.version + 1
      try database.run(
        """
        UPDATE connections SET account_id = ?, account_name = ?, account_facts = ?, variables = ?, state = ?,
          reason = ?, is_paused = ?, updated_at = ?, version = ? WHERE id = ?
        """,
        [
          new.accountID, new.accountName, try new.accountFacts.stableJSON(), try new.variables.stableJSON(),
          new.state.rawValue, new.reason, new.isPaused, new.updatedAt.time, new.version.bits, new.id,
        ])
      if old.runsJobs, !new.runsJobs { try Lane.hold(database, new.id, now: audit.at) }
      if !old.runsJobs, new.runsJobs { try Lane.letGo(database, new.id, now: audit.at) }
      try Self.insert(database, audit)
      return new
    }
  }

  package func remove(_ id: String, tenant: String, audit: AuditEntry) async throws(StoreError) {
    try await write { database in
      // Its secrets go with it, by their foreign key.
      try database.run("DELETE FROM connections WHERE id = ? AND tenant = ?", [id, tenant])
      guard database.changesCount == 1 else { throw ConnectionRow.missing(id) }
      for state in [Job.State.scheduled, .pending, .retrying, .held] {
        let jobs = try database.all(
          "SELECT number, id FROM jobs WHERE connection = ? AND state = \(state.number)", [id]
        ) { row in (row.integer(), row.text()) }
        for (number, job) in jobs {
          try JobEnding.endUnseen(
            database, job: number, id: job, tenant: tenant, as: .cancelled, now: audit.at,
            note: "its connection was removed")
        }
      }
      // One that runs must not wait again: there is nothing left to wait for.
      try database.run("UPDATE jobs SET is_cancelled = 1 WHERE connection = ? AND state = 2", [id])
      try database.run("DELETE FROM lanes WHERE connection = ? AND leased = 0", [id])
      for table in ["kv_scopes", "health_checks", "sync_states", "records"] {
        try database.run("DELETE FROM \(table) WHERE connection = ?", [id])
      }
      try Self.insert(database, audit)
    }
  }
}
