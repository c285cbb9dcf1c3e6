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

  static func addDeadLetter(
    _ database: Database, _ id: String, tenant: String, job number: Int, _ reason: DeadLetter.Reason,
    now: UInt64
  ) throws {
    try database.run(
      "INSERT INTO dead_letters (id, tenant, job, reason, created_at) VALUES (?, ?, ?, ?, ?)",
      [id, tenant, number, reason.rawValue, now.time])
  }

  /// Whether a write left the host and nobody knows what became of it.
  static func hasOpenIntent(_ database: Database, job number: Int) throws -> Bool {
    try database.exists(
      """
      SELECT 1 FROM journal AS intent WHERE job = ? AND kind = 2 AND NOT EXISTS (
        SELECT 1 FROM journal
        WHERE job = intent.job AND effect = intent.effect AND kind = 3 AND number > intent.number) LIMIT 1
      """, [number])
  }
}
