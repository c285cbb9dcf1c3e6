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

  static func missing(_ id: String) -> StoreError {
    StoreError(.notFound, "There is no connection \(id): list the connections to see their ids.")
  }
}
