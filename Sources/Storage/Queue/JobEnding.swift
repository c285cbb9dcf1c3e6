internal import GRDB
internal import Ports

/// The end of jobs that are not under lease, and what goes with every end.
enum JobEnding {
  /// What an operation that does not go on leaves behind.
  static func forget(_ database: Database, job number: Int, id: String) throws {
    try database.run("DELETE FROM journal WHERE job = ?", [number])
    try database.run("DELETE FROM kv_effects WHERE job = ?", [id])
  }

  /// Ends a job that waits; one whose journal tells of a write keeps that it must look before it writes.
  static func end(
    _ database: Database, job number: Int, id: String, as state: Job.State, now: UInt64, note: String = "",
    error: JobError? = nil
  ) throws {
    try database.run(
      """
      UPDATE jobs SET state = ?, finished_at = ?, updated_at = ?, note = ?, back_to = NULL, error = coalesce(?, error),
        must_reconcile = must_reconcile OR EXISTS (SELECT 1 FROM journal WHERE job = jobs.number AND kind = 2)
      WHERE number = ?
      """,
      [state.number, now.time, now.time, note, try error?.stableJSON(), number])
    try forget(database, job: number, id: id)
  }

  /// Ends a job that waits, by a decision of people or time and not of an attempt.
  ///
  /// One that may have taken effect becomes unknown, with a dead letter, whatever was decided.
  static func endUnseen(
    _ database: Database, job number: Int, id: String, tenant: String, as state: Job.State, now: UInt64,
    note: String = "", error: JobError? = nil, reason: DeadLetter.Reason? = nil
  ) throws {
    var state = state
    var error = error
    var reason = reason
    if try isInDoubt(database, job: number) {
      (state, reason) = (.unknown, .unknownOutcome)
      error = .endedInDoubt
    }
    try end(database, job: number, id: id, as: state, now: now, note: note, error: error)
    if let reason {
      let letter = RecordID.make(.deadLetter, now: now)
      try addDeadLetter(database, letter, tenant: tenant, job: number, reason, now: now)
    }
  }

  static func addDeadLetter(
    _ database: Database, _ id: String, tenant: String, job number: Int, _ reason: DeadLetter.Reason,
    now: UInt64
  ) throws {
    try database.run(
      "INSERT INTO dead_letters (id, tenant, job, reason, created_at) VALUES (?, ?, ?, ?, ?)",
      [id, tenant, number, reason.rawValue, now.time])
  }

  /// Whether an operation that goes on from its journal was about to write: what became of that is sealed in there.
  static func hasIntent(_ database: Database, job number: Int) throws -> Bool {
    try database.exists("SELECT 1 FROM journal WHERE job = ? AND kind = 2 LIMIT 1", [number])
  }

  /// Whether the job may have taken effect, as far as the store can tell.
  static func isInDoubt(_ database: Database, job number: Int) throws -> Bool {
    let mustReconcile = try database.exists(
      "SELECT 1 FROM jobs WHERE number = ? AND must_reconcile = 1", [number])
    return try mustReconcile || hasIntent(database, job: number)
  }
}

extension JobError {
  static let endedInDoubt = JobError(
    code: "unknown_outcome",
    message: "The job ended before anybody could tell whether it had taken effect.",
    action: "Resume it to look at the platform, or look there and drop its dead letter.")
}
