internal import GRDB
package import Ports

extension SQLiteStore {
  private static let columns = "b.sha256, b.size, b.type, b.width, b.height, b.duration_ms"

  private static func readBlob(_ row: inout RowReader) -> BlobRecord {
    BlobRecord(
      sha256: row.text(), size: row.time(), type: row.text(), width: row.optionalInteger(),
      height: row.optionalInteger(), durationMilliseconds: row.optionalInteger())
  }

  package func keep(
    _ blob: BlobRecord, for holder: BlobHolder, tenant: String, capacity: UInt64, now: UInt64
  ) async throws(StoreError) -> Bool {
    try await write { database in
      guard try Self.hasRoom(database, for: blob, tenant: tenant, capacity: capacity) else {
        return false
      }
      try database.run(
        """
        INSERT INTO blobs (sha256, size, type, width, height, duration_ms, needed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET needed_at = max(needed_at, excluded.needed_at)
        """,
        [
          blob.sha256, blob.size.time, blob.type, blob.width, blob.height,
          blob.durationMilliseconds,
          now.time,
        ])
      switch holder {
      case .upload(let id):
        try database.run(
          "INSERT INTO uploads (id, tenant, sha256, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
          [id, tenant, blob.sha256, now.time])
      case .job(let id, let number):
        try database.run(
          """
          INSERT INTO job_blobs (job, number, tenant, sha256, noted_at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """, [id, number.time, tenant, blob.sha256, now.time])
      }
      return true
    }
  }

  /// What the tenant holds already costs nothing more.
  private static func hasRoom(
    _ database: Database, for blob: BlobRecord, tenant: String, capacity: UInt64
  )
    throws -> Bool
  {
    let held = try database.number(
      """
      SELECT coalesce(sum(size), 0) FROM blobs WHERE sha256 <> ?2 AND sha256 IN (
        SELECT sha256 FROM uploads WHERE tenant = ?1 UNION SELECT sha256 FROM job_blobs WHERE tenant = ?1)
      """, [tenant, blob.sha256])
    let (total, overflow) = UInt64(clamping: held ?? 0).addingReportingOverflow(blob.size)
    return !overflow && total <= capacity
  }

  package func upload(_ id: String, tenant: String) async throws(StoreError) -> Upload? {
    try await read { database in
      try database.first(
        """
        SELECT \(Self.columns), u.created_at FROM uploads u JOIN blobs b USING (sha256)
        WHERE u.id = ? AND u.tenant = ?
        """, [id, tenant]
      ) { row in
        let blob = Self.readBlob(&row)
        return Upload(id: id, tenant: tenant, blob: blob, createdAt: row.time())
      }
    }
  }

  package func removeUpload(_ id: String, tenant: String, now: UInt64) async throws(StoreError)
    -> Bool
  {
    try await write { database in
      try database.run(
        "UPDATE blobs SET needed_at = ? WHERE sha256 = (SELECT sha256 FROM uploads WHERE id = ? AND tenant = ?)",
        [now.time, id, tenant])
      try database.run("DELETE FROM uploads WHERE id = ? AND tenant = ?", [id, tenant])
      return database.changesCount > 0
    }
  }

  package func blobs(of job: String) async throws(StoreError) -> [UInt64: BlobRecord] {
    try await read { database in
      let rows = try database.all(
        "SELECT j.number, \(Self.columns) FROM job_blobs j JOIN blobs b USING (sha256) WHERE j.job = ?",
        [job]
      ) { row in (row.time(), Self.readBlob(&row)) }
      return Dictionary(rows) { first, _ in first }
    }
  }

  package func unneededBlobs(since cutoff: UInt64, now: UInt64, limit: Int) async throws(StoreError)
    -> [String]
  {
    try await write { database in
      let uploads = try database.all(
        "SELECT id, sha256 FROM uploads WHERE created_at < ? ORDER BY created_at LIMIT ?",
        [cutoff.time, limit]
      ) { row in (row.text(), row.text()) }
      for (id, _) in uploads { try database.run("DELETE FROM uploads WHERE id = ?", [id]) }
      // 3 published, 6 cancelled, 7 unknown, 8 dead; a dead one may run again while its letter is open, one that is
      // unknown within the time that its key is remembered. One without a row was never made.
      let ended = try database.all(
        """
        SELECT n.job, n.sha256 FROM job_blobs n LEFT JOIN jobs j ON j.id = n.job
        WHERE (j.id IS NULL AND n.noted_at < ?1) OR j.state IN (3, 6) OR (j.state = 7 AND j.in_ledger = 0)
          OR (j.state = 8 AND NOT EXISTS (
            SELECT 1 FROM dead_letters d
            WHERE d.job = j.number AND d.retried_as IS NULL AND d.dropped_at IS NULL))
        LIMIT ?2
        """, [cutoff.time, limit]
      ) { row in (row.text(), row.text()) }
      for (job, sha256) in ended {
        try database.run("DELETE FROM job_blobs WHERE job = ? AND sha256 = ?", [job, sha256])
        try database.run("UPDATE blobs SET needed_at = ? WHERE sha256 = ?", [now.time, sha256])
      }
      return try database.all(
        """
        SELECT b.sha256 FROM blobs b WHERE b.needed_at < ?
          AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = b.sha256)
          AND NOT EXISTS (SELECT 1 FROM job_blobs n WHERE n.sha256 = b.sha256)
        ORDER BY b.needed_at LIMIT ?
        """, [cutoff.time, limit]
      ) { $0.text() }
    }
  }

  package func forgetBlob(_ sha256: String) async throws(StoreError) -> Bool {
    try await write { database in
      try database.run(
        """
        DELETE FROM blobs WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM uploads WHERE sha256 = ?1)
          AND NOT EXISTS (SELECT 1 FROM job_blobs WHERE sha256 = ?1)
        """, [sha256])
      return database.changesCount > 0
    }
  }
}
