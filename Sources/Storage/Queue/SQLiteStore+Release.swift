internal import GRDB
package import Ports

extension SQLiteStore {
  /// A release goes in steps of this many jobs, so that a thousand which fall due at once do not keep others waiting.
  private static let releaseStep = 500
  /// An idempotency key answers for its job for so long after its end.
  private static let ledgerLife = Duration.seconds(30 * 24 * 3600)

  package func release(now: UInt64, misfireAfter: Duration, maximumAge: Duration) async throws(StoreError)
    -> Int
  {
    let missedBefore = now.before(misfireAfter)
    let bornBefore = now.before(maximumAge)
    var moved = 0
    while true {
      let counts = try await write { database in
        [
          try Self.expire(database, bornBefore: bornBefore, now),
          try Self.misfire(database, missedBefore: missedBefore, now),
          try Self.makePending(database, missedBefore: missedBefore, now),
        ]
      }
      moved += counts.reduce(0, +)
      guard counts.contains(Self.releaseStep) else { break }
    }
    let endedBefore = now.before(Self.ledgerLife)
    try await write { database in
      try database.run(
        """
        UPDATE jobs SET in_ledger = 0 WHERE number IN (
          SELECT number FROM jobs WHERE in_ledger = 1 AND finished_at IS NOT NULL AND finished_at <= ? LIMIT ?)
        """, [endedBefore.time, Self.releaseStep])
    }
    return moved
  }

  private struct Late {
    var number: Int
    var id: String
    var tenant: String
    var asksFirst: Bool

    init(_ row: inout RowReader) {
      number = row.integer()
      id = row.text()
      tenant = row.text()
      asksFirst = row.text() == Job.Misfire.ask.rawValue
    }
  }

  private static func expire(_ database: Database, bornBefore: UInt64, _ now: UInt64) throws -> Int {
    let old = try database.all(
      """
      SELECT number, id, tenant, misfire FROM jobs
      WHERE finished_at IS NULL AND due_at < ? AND state <> 2 ORDER BY due_at LIMIT ?
      """, [bornBefore.time, releaseStep]
    ) { Late(&$0) }
    for job in old {
      try bury(job, "The job waited longer than jobs may.", database, now)
    }
    return old.count
  }

  private static func misfire(_ database: Database, missedBefore: UInt64, _ now: UInt64) throws -> Int {
    let missed = try database.all(
      """
      SELECT number, id, tenant, misfire FROM jobs
      WHERE state = 0 AND available_at < ? AND misfire <> 'publish' ORDER BY available_at LIMIT ?
      """, [missedBefore.time, releaseStep]
    ) { Late(&$0) }
    for job in missed {
      if job.asksFirst {
        try database.run(
          "UPDATE jobs SET state = \(Job.State.held.number), note = ?, updated_at = ? WHERE number = ?",
          ["its time was missed: resume or cancel it", now.time, job.number])
      } else {
        try bury(
          job, "The scheduled time was missed, and the job asked not to be published late.", database, now)
      }
    }
    return missed.count
  }

  private static func bury(_ job: Late, _ message: String, _ database: Database, _ now: UInt64) throws {
    let error = JobError(
      code: "timeout", message: message, action: "Retry its dead letter to publish it now.")
    try JobEnding.endUnseen(
      database, job: job.number, id: job.id, tenant: job.tenant, as: .dead, now: now, error: error,
      reason: .expired)
  }

  private static func makePending(_ database: Database, missedBefore: UInt64, _ now: UInt64) throws -> Int {
    try database.run(
      """
      UPDATE jobs SET state = \(Job.State.pending.number), note = '', updated_at = ?1 WHERE number IN (
        SELECT number FROM jobs WHERE (state = 0 OR state = 4) AND available_at <= ?1
          AND NOT (state = 0 AND misfire <> 'publish' AND available_at < ?2)
        ORDER BY available_at LIMIT ?3)
      """, [now.time, missedBefore.time, releaseStep])
    return database.changesCount
  }
}

extension UInt64 {
  /// This time less a duration; 0 instead of an underflow.
  fileprivate func before(_ duration: Duration) -> UInt64 {
    let (difference, overflow) = subtractingReportingOverflow(duration.nanosecondsClamped)
    return overflow ? 0 : difference
  }
}
