internal import GRDB
internal import Ports

/// A stream's state as a row.
enum SyncRow {
  static let columns = """
    sync_states.tenant, connection, sync_states.connector, stream, cursor, window_since, window_until, covered_until, \
    last_started, last_succeeded, next_due, failures, error_code, error_message, runs, run_records
    """

  static func read(_ row: inout RowReader) -> SyncState {
    var state = SyncState(
      tenant: row.text(), connection: row.text(), connector: row.text(), stream: row.text(),
      cursor: row.optionalBytes().map { String(decoding: $0, as: UTF8.self) }, nextDue: 0)
    let since = row.optionalTime()
    state.window = row.optionalTime().map { SyncState.Window(since: since, until: $0) }
    state.coveredUntil = row.optionalTime()
    state.lastStarted = row.optionalTime()
    state.lastSucceeded = row.optionalTime()
    state.nextDue = row.time()
    state.failures = row.integer()
    let code = row.optionalText()
    let message = row.optionalText()
    state.failure = code.map { SyncState.Failure(code: $0, message: message ?? "") }
    state.runs = row.integer()
    state.runRecords = row.integer()
    return state
  }

  static func insert(_ database: Database, _ state: SyncState) throws {
    try database.run(
      """
      INSERT INTO sync_states (connection, stream, tenant, connector, next_due, failures, runs, run_records)
      SELECT ?1, ?2, ?3, ?4, ?5, 0, 0, 0 WHERE EXISTS (SELECT 1 FROM connections WHERE id = ?1 AND tenant = ?3)
      ON CONFLICT DO NOTHING
      """, [state.connection, state.stream, state.tenant, state.connector, state.nextDue.time])
  }

  static func update(_ database: Database, _ state: SyncState) throws {
    try database.run(
      """
      UPDATE sync_states SET cursor = ?, window_since = ?, window_until = ?, covered_until = ?, last_started = ?,
        last_succeeded = ?, next_due = ?, failures = ?, error_code = ?, error_message = ?, runs = ?, run_records = ?
      WHERE connection = ? AND stream = ? AND tenant = ?
      """,
      [
        state.cursor?.blob, state.window?.since?.time, state.window?.until.time, state.coveredUntil?.time,
        state.lastStarted?.time, state.lastSucceeded?.time, state.nextDue.time, state.failures,
        state.failure?.code, state.failure?.message, state.runs, state.runRecords, state.connection,
        state.stream, state.tenant,
      ])
    guard database.changesCount == 1 else { throw missing(state.connection, state.stream) }
  }

  static func missing(_ connection: String, _ stream: String) -> StoreError {
    StoreError(
      .notFound, "Connection \(connection) has no stream \(stream): list its streams to see their names.")
  }
}
