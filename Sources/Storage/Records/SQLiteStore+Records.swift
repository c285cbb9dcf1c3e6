internal import GRDB
package import Ports

extension SQLiteStore {
  package func add(_ check: HealthCheckRecord) async throws(StoreError) {
    try await write { database in
      try database.run(
        """
        INSERT INTO health_checks (connection, tenant, is_healthy, code, message, at) VALUES (?, ?, ?, ?, ?, ?)
        """, [check.connection, check.tenant, check.isHealthy, check.code, check.message, check.at.time])
    }
  }

  package func healthChecks(connection: String, limit: Int) async throws(StoreError) -> [HealthCheckRecord] {
    try await read { database in
      try database.all(
        """
        SELECT connection, tenant, is_healthy, code, message, at FROM health_checks WHERE connection = ?
        ORDER BY at DESC, number DESC LIMIT ?
        """, [connection, max(0, limit)]
      ) { row in
        HealthCheckRecord(
          connection: row.text(), tenant: row.text(), isHealthy: row.flag(), code: row.text(),
          message: row.text(), at: row.time())
      }
    }
  }

  package func add(_ event: WebhookEventRecord) async throws(StoreError) -> Bool {
    try await write { database in
      try database.run(
        """
        INSERT INTO webhook_events (id, connector, tenant, deduplication_key, received_at, headers, body)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connector, deduplication_key) DO NOTHING
        """,
        [
          event.id, event.connector, event.tenant, event.deduplicationKey.blob, event.receivedAt.time,
          try event.headers.stableJSON(), event.body.blob,
        ])
      return database.changesCount == 1
    }
  }

  package func webhookEvents(connector: String, from: UInt64, to: UInt64, page: PageRequest)
    async throws(StoreError) -> Page<WebhookEventRecord>
  {
    try await read { database in
      // The row after which to go on tells its own time.
      let rows = try database.all(
        """
        SELECT number, id, connector, tenant, deduplication_key, headers, body, received_at FROM webhook_events
        WHERE connector = ?1 AND received_at >= ?2 AND received_at < ?3
          AND (?4 IS NULL
            OR (received_at, number) > ((SELECT received_at FROM webhook_events WHERE number = ?4), ?4))
        ORDER BY received_at, number LIMIT ?5
        """, [connector, from.time, to.time, try page.position("events"), page.rows]
      ) { row in
        (
          Int64(row.integer()),
          WebhookEventRecord(
            id: row.text(), connector: row.text(), tenant: row.optionalText(), deduplicationKey: row.string(),
            headers: try row.json(), body: row.bytes(), receivedAt: row.time())
        )
      }
      return page.page("events", rows)
    }
  }
}
