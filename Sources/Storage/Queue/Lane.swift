internal import GRDB
internal import Ports

/// The line of one connection's jobs, of which one at a time is under lease.
enum Lane {
  /// A bit of `lanes.blocked`: the connection is paused or needs a person, and its waiting jobs are held.
  static let connectionBlocks = 1
  /// Another: its connector is paused; its jobs keep their states and are passed over.
  static let connectorBlocks = 2

  static let connectionNote = "its connection is paused or needs a person"

  static func make(_ database: Database, for connection: ConnectionRecord) throws {
    try database.run("INSERT INTO turns (tenant) VALUES (?) ON CONFLICT DO NOTHING", [connection.tenant])
    try database.run(
      """
      INSERT INTO lanes (connection, tenant, connector, blocked)
      VALUES (?1, ?2, ?3, 2 * EXISTS (SELECT 1 FROM pauses WHERE connector = ?3)) ON CONFLICT DO NOTHING
      """, [connection.id, connection.tenant, connection.connector])
    if !connection.runsJobs { try hold(database, connection.id, now: connection.createdAt) }
  }

  /// Stores a new job, held where its connection does not run any; returns it as it is stored.
  static func admit(_ database: Database, _ job: Job, blocked: Int) throws -> Job {
    guard blocked & connectionBlocks != 0 else {
      try JobRow.insert(database, job)
      return job
    }
    var held = job
    held.state = .held
    held.note = connectionNote
    try JobRow.insert(database, held, backTo: job.state)
    return held
  }

  /// Holds what waits, so that it goes back to where it was by ``letGo(_:_:now:)``.
  static func hold(_ database: Database, _ connection: String, now: UInt64) throws {
    try database.run("UPDATE lanes SET blocked = blocked | 1 WHERE connection = ?", [connection])
    for state in [Job.State.scheduled, .pending, .retrying] {
      try database.run(
        """
        UPDATE jobs SET state = \(Job.State.held.number), back_to = state, note = ?, updated_at = ?
        WHERE connection = ? AND state = \(state.number)
        """, [connectionNote, now.time, connection])
    }
  }

  /// Jobs that wait for a person's decision stay held.
  static func letGo(_ database: Database, _ connection: String, now: UInt64) throws {
    try database.run("UPDATE lanes SET blocked = blocked & ~1 WHERE connection = ?", [connection])
    try database.run(
      """
      UPDATE jobs SET state = back_to, back_to = NULL, note = '', updated_at = ?
      WHERE connection = ? AND state = \(Job.State.held.number) AND back_to IS NOT NULL
      """, [now.time, connection])
  }
}

extension ConnectionRecord {
  var runsJobs: Bool { state.publishes && !isPaused }
}
