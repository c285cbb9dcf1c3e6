internal import GRDB
package import Ports

extension SQLiteStore {
  /// Payloads of one page: each may be large, and a page has up to 200.
  private static let pageBytes = 8 << 20

  private static let letterColumns = """
    dead_letters.number, dead_letters.id, dead_letters.tenant, reason, dead_letters.created_at, retried_as, \
    dropped_at, job
    """

  private static func readLetter(_ row: inout RowReader, _ database: Database) throws -> (Int64, DeadLetter) {
    let number = Int64(row.integer())
    let id = row.text()
    let tenant = row.text()
    let reason: DeadLetter.Reason = try row.choice()
    let createdAt = row.time()
    let retriedAs = row.optionalText()
    let droppedAt = row.optionalTime()
    let job = try database.first(
      "SELECT \(JobRow.columns) FROM jobs WHERE number = ?", [row.integer()], JobRow.read)
    guard let job else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return (
      number,
      DeadLetter(
        id: id, tenant: tenant, job: job, reason: reason, createdAt: createdAt, retriedAs: retriedAs,
        droppedAt: droppedAt)
    )
  }

  package func deadLetters(tenant: String, includesHandled: Bool, page: PageRequest) async throws(StoreError)
    -> Page<DeadLetter>
  {
    try await read { database in
      let handled = includesHandled ? "" : "AND retried_as IS NULL AND dropped_at IS NULL"
      // Of a blob SQLite knows the length without reading it.
      let sizes = try database.all(
        """
        SELECT (SELECT length(payload) FROM jobs WHERE jobs.number = job) FROM dead_letters
        WHERE tenant = ? AND number < ? \(handled) ORDER BY number DESC LIMIT ?
        """, [tenant, try page.position("letters") ?? .max, page.limit]
      ) { row in row.integer() }
      var part = page
      part.limit = Self.fitting(sizes)
      let rows = try database.all(
        """
        SELECT \(Self.letterColumns) FROM dead_letters WHERE tenant = ? AND number < ? \(handled)
        ORDER BY number DESC LIMIT ?
        """, [tenant, try page.position("letters") ?? .max, part.rows]
      ) { try Self.readLetter(&$0, database) }
      return part.page("letters", rows)
    }
  }

  /// How many fit into a page, the first of them always.
  private static func fitting(_ sizes: [Int]) -> Int {
    var bytes = 0
    let fit = sizes.prefix { size in
      bytes += size
      return bytes <= pageBytes
    }
    return max(1, fit.count)
  }

  package func deadLetter(_ id: String, tenant: String) async throws(StoreError) -> DeadLetter? {
    try await read { try Self.letter(id, tenant, $0) }
  }

  private static func letter(_ id: String, _ tenant: String, _ database: Database) throws -> DeadLetter? {
    try database.first(
      "SELECT \(letterColumns) FROM dead_letters WHERE id = ? AND tenant = ?", [id, tenant]
    ) { try readLetter(&$0, database).1 }
  }

  private static func openLetter(_ id: String, _ tenant: String, _ database: Database) throws -> DeadLetter {
    guard let letter = try letter(id, tenant, database) else {
      throw StoreError(.notFound, "There is no dead letter \(id): list them to see their ids.")
    }
    guard letter.retriedAs == nil, letter.droppedAt == nil else {
      throw StoreError(
        .conflict, "Dead letter \(id) was retried or dropped before: there is nothing left to do.")
    }
    return letter
  }

  package func retry(deadLetter: String, tenant: String, as id: String, now: UInt64) async throws(StoreError)
    -> Job
  {
    try await write { database in
      let old = try Self.openLetter(deadLetter, tenant, database).job
      try database.run("UPDATE jobs SET in_ledger = 0 WHERE id = ?", [old.id])
      let hasSuccessor = try database.exists(
        "SELECT 1 FROM jobs WHERE tenant = ? AND connection = ? AND idempotency_key = ? AND in_ledger = 1",
        [tenant, old.connection, old.idempotencyKey.blob])
      guard !hasSuccessor else {
        throw StoreError(
          .conflict,
          "The key of job \(old.id) names a newer job, which this one would repeat: drop its dead letter.")
      }
      let job = Job(
        id: id, tenant: tenant, connection: old.connection, connector: old.connector, action: old.action,
        payload: old.payload, idempotencyKey: old.idempotencyKey, digest: old.digest, priority: old.priority,
        misfire: old.misfire, scheduledFor: old.scheduledFor, createdAt: now, retryOf: old.id,
        mustReconcile: old.mustReconcile)
      let isBlocked = try ConnectionRow.isBlocked(database, old, to: "retried")
      let made = try Lane.admit(database, job, blocked: isBlocked ? Lane.connectionBlocks : 0)
      try database.run("UPDATE dead_letters SET retried_as = ? WHERE id = ?", [id, deadLetter])
      return made
    }
  }

  package func drop(deadLetter: String, tenant: String, now: UInt64) async throws(StoreError) {
    try await write { database in
      _ = try Self.openLetter(deadLetter, tenant, database)
      try database.run("UPDATE dead_letters SET dropped_at = ? WHERE id = ?", [now.time, deadLetter])
    }
  }
}
