internal import GRDB
package import Ports

extension SQLiteStore {
  package func add(_ syncs: [SyncState]) async throws(StoreError) {
    try await write { database in
      for state in syncs { try SyncRow.insert(database, state) }
    }
  }

  package func connections(of connector: String, withoutStream stream: String, limit: Int)
    async throws(StoreError) -> [SyncOwner]
  {
    try await read { database in
      try database.all(
        """
        SELECT id, tenant FROM connections WHERE connector = ?1 AND NOT EXISTS (
          SELECT 1 FROM sync_states WHERE connection = connections.id AND stream = ?2) ORDER BY number LIMIT ?3
        """, [connector, stream, limit]
      ) { row in SyncOwner(connection: row.text(), tenant: row.text()) }
    }
  }

  package func syncs(connection: String, tenant: String) async throws(StoreError) -> [SyncState] {
    try await read { database in
      try database.all(
        "SELECT \(SyncRow.columns) FROM sync_states WHERE connection = ? AND tenant = ? ORDER BY stream",
        [connection, tenant], SyncRow.read)
    }
  }

  package func sync(connection: String, stream: String) async throws(StoreError) -> SyncState? {
    try await read { database in
      try database.first(
        "SELECT \(SyncRow.columns) FROM sync_states WHERE connection = ? AND stream = ?",
        [connection, stream], SyncRow.read)
    }
  }

  package func nextSyncs(connector: String, stream: String, limit: Int) async throws(StoreError)
    -> [SyncState]
  {
    try await read { database in
      try database.all(
        """
        SELECT \(SyncRow.columns) FROM sync_states JOIN connections ON connections.id = connection
        WHERE sync_states.connector = ? AND stream = ? AND is_paused = 0 AND state IN ('healthy', 'expiring_soon')
        ORDER BY next_due LIMIT ?
        """, [connector, stream, limit], SyncRow.read)
    }
  }

  package func commit(_ records: [SyncRecord], _ state: SyncState, now: UInt64) async throws(StoreError)
    -> SyncTally
  {
    try await write { database in
      // First: it tells whether there is anything left that records could belong to.
      try SyncRow.update(database, state)
      var tally = SyncTally()
      for record in records { try Self.store(database, record, now: now, &tally) }
      return tally
    }
  }

  private static func store(
    _ database: Database, _ record: SyncRecord, now: UInt64, _ tally: inout SyncTally
  ) throws {
    try database.run(
      """
      INSERT INTO records (tenant, connection, stream, id, subject, kind, at, first_seen, updated_at, value)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce(?7, ?8), ?8, ?8, ?9) ON CONFLICT (connection, stream, id) DO NOTHING
      """,
      [
        record.tenant, record.connection, record.stream, record.id.blob, record.subject.blob,
        record.kind.blob, record.at?.time, now.time, record.value.blob,
      ])
    if database.changesCount == 1 {
      tally.new += 1
      return
    }
    try database.run(
      """
      UPDATE records SET subject = ?4, kind = ?5, at = coalesce(?6, at), updated_at = ?7, value = ?8
      WHERE connection = ?1 AND stream = ?2 AND id = ?3
        AND (value <> ?8 OR subject <> ?4 OR kind <> ?5 OR at <> coalesce(?6, at))
      """,
      [
        record.connection, record.stream, record.id.blob, record.subject.blob, record.kind.blob,
        record.at?.time, now.time, record.value.blob,
      ])
    if database.changesCount == 1 { tally.changed += 1 } else { tally.unchanged += 1 }
  }

  package func setDue(connection: String, tenant: String, stream: String, at time: UInt64)
    async throws(StoreError)
  {
    try await write { database in
      try database.run(
        "UPDATE sync_states SET next_due = ? WHERE connection = ? AND stream = ? AND tenant = ?",
        [time.time, connection, stream, tenant])
      guard database.changesCount == 1 else { throw SyncRow.missing(connection, stream) }
    }
  }

  package func syncCensus(tenant: String?) async throws(StoreError) -> [SyncCensus] {
    try await read { database in
      try database.all(
        """
        SELECT connector, stream, count(*), sum(failures > 0), sum(covered_until IS NULL), min(covered_until)
        FROM sync_states WHERE ?1 IS NULL OR tenant = ?1 GROUP BY connector, stream
        """, [tenant]
      ) { row in
        SyncCensus(
          connector: row.text(), stream: row.text(), connections: row.integer(), failing: row.integer(),
          unread: row.integer(), coveredUntil: row.optionalTime())
      }
    }
  }
}
