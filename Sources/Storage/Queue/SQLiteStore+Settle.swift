internal import GRDB
package import Ports

extension SQLiteStore {
  /// A job that somebody holds the lease of.
  private struct Leased {
    var number: Int
    var tenant: String
    var connection: String
    var run: Int
    var isCancelled: Bool
    var isBlocked: Bool
    var hasJournal: Bool
  }

  private static let leased = """
    SELECT jobs.number, jobs.tenant, jobs.connection, runs, is_cancelled, coalesce(blocked, 0),
      EXISTS (SELECT 1 FROM journal WHERE job = jobs.number)
        OR EXISTS (SELECT 1 FROM kv_effects WHERE job = jobs.id)
    FROM jobs LEFT JOIN lanes ON lanes.connection = jobs.connection
    WHERE id = ? AND state = 2 AND fence = ?
    """

  package func settle(_ lease: LeaseToken, _ attempt: Attempt, _ settlement: Settlement, now: UInt64)
    async throws(StoreError)
  {
    try await write { database in
      let leased = try database.first(Self.leased, [lease.job, lease.fence.bits]) { row in
        Leased(
          number: row.integer(), tenant: row.text(), connection: row.text(), run: row.integer() + 1,
          isCancelled: row.flag(), isBlocked: row.integer() & Lane.connectionBlocks != 0,
          hasJournal: row.flag())
      }
      guard let leased else { throw lease.fenced }
      var settled = SettledJob(settlement, isBlocked: leased.isBlocked, now: now)
      if leased.isCancelled, !settled.state.hasEnded {
        settled.cancel(
          isInDoubt: try JobEnding.isInDoubt(database, job: leased.number),
          isLookedAt: try settled.keepsJournal && Self.goesOn(leased, in: database),
          deadLetter: RecordID.make(.deadLetter, now: now))
      } else if case .dead(.expired, _, _, _) = settlement,
        try JobEnding.isInDoubt(database, job: leased.number)
      {
        settled.endInDoubt(deadLetter: RecordID.make(.deadLetter, now: now))
      }
      try Self.store(settled, of: leased.number, in: database, now)
      try Self.store(attempt, of: leased.number, as: leased.run, in: database)
      if leased.hasJournal, !settled.keepsJournal {
        try JobEnding.forget(database, job: leased.number, id: lease.job)
      }
      if let post = settled.post { try Self.store(post, of: lease.job, leased, in: database) }
      if let letter = settled.deadLetter {
        try JobEnding.addDeadLetter(
          database, letter.id, tenant: leased.tenant, job: leased.number, letter.reason, now: now)
      }
    }
  }

  /// Whether another worker will have the job, and a journal in which it finds what was written.
  private static func goesOn(_ leased: Leased, in database: Database) throws -> Bool {
    try JobEnding.hasIntent(database, job: leased.number)
      && database.exists("SELECT 1 FROM connections WHERE id = ?", [leased.connection])
  }

  private static func store(_ settled: SettledJob, of job: Int, in database: Database, _ now: UInt64) throws {
    try database.run(
      """
      UPDATE jobs SET state = ?, updated_at = ?, finished_at = ?, available_at = coalesce(?, available_at),
        attempts = attempts + ?, timeouts = timeouts + ?, must_reconcile = max(must_reconcile, ?),
        result = ?, error = coalesce(?, error), note = ?, back_to = ?, runs = runs + 1
      WHERE number = ?
      """,
      [
        settled.state.number, now.time, settled.state.hasEnded ? now.time : nil, settled.availableAt?.time,
        settled.countsAttempt ? 1 : 0, settled.countsTimeout ? 1 : 0, settled.mustReconcile ? 1 : 0,
        settled.result?.blob, try settled.error?.stableJSON(), settled.note, settled.backTo?.number, job,
      ])
  }

  private static func store(_ attempt: Attempt, of job: Int, as number: Int, in database: Database) throws {
    let times = attempt.times
    try database.run(
      "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        job, number, attempt.startedAt.time, attempt.endedAt.time, attempt.result.rawValue,
        try attempt.error?.stableJSON(), times.queue.time, times.limiter.time, times.token.time,
        times.connector.time, times.network.time, times.journal.time, attempt.requests, attempt.wasReplayed,
      ])
  }

  private static func store(_ post: Post, of job: String, _ leased: Leased, in database: Database) throws {
    try database.run(
      """
      INSERT INTO posts (id, tenant, job, connection, external_id, url, state, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        post.id, leased.tenant, job, leased.connection, post.externalID, post.url, post.state.rawValue,
        post.createdAt.time,
      ])
  }
}

extension LeaseToken {
  var fenced: StoreError {
    StoreError(
      .fenced, "The lease of job \(job) is lost, and nothing was stored: leave the job to its new worker.")
  }
}
