internal import GRDB
internal import Ports

/// How a connection lies in its table.
enum ConnectionRow {
  static let columns = """
    id, tenant, connector, account_id, account_name, account_facts, variables, state, reason, is_paused, created_at, \
    updated_at, version
    """

  static func read(_ row: inout RowReader) throws -> ConnectionRecord {
    ConnectionRecord(
      id: row.text(), tenant: row.text(), connector: row.text(), accountID: row.optionalText(),
      accountName: row.optionalText(), accountFacts: try row.json(), variables: try row.json(),
      state: try row.choice(), reason: row.text(), isPaused: row.flag(), createdAt: row.time(),
      updatedAt: row.time(), version: row.bits())
  }

  static func insert(_ database: Database, _ connection: ConnectionRecord) throws {
    try database.run(
      "INSERT INTO connections (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        connection.id, connection.tenant, connection.connector, connection.accountID, connection.accountName,
        try connection.accountFacts.stableJSON(), try connection.variables.stableJSON(),
        connection.state.rawValue, connection.reason, connection.isPaused, connection.createdAt.time,
        connection.updatedAt.time, connection.version.bits,
      ])
  }

  static func find(_ database: Database, _ id: String, tenant: String) throws -> ConnectionRecord? {
    try database.first(
      "SELECT \(columns) FROM connections WHERE id = ? AND tenant = ?", [id, tenant], read)
  }

  /// Whether the connection of a job holds its jobs.
  ///
  /// - Throws: `conflict` when there is no such connection any more: nothing would ever run or end the job.
  static func isBlocked(_ database: Database, _ job: Job, to order: String) throws -> Bool {
    guard let connection = try find(database, job.connection, tenant: job.tenant) else {
      throw StoreError(
        .conflict,
        "Job \(job.id) cannot be \(order), because its connection \(job.connection) was removed: connect the account "
          + "again and send the job there.")
    }
    return !connection.runsJobs
  }

  static func missing(_ id: String) -> StoreError {
    StoreError(.notFound, "There is no connection \(id): list the connections to see their ids.")
  }
}
