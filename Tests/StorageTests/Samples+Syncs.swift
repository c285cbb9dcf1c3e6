import Ports

extension SyncState {
  static func sample(
    connection: String = "con_1", tenant: String = "acme", connector: String = "mailchimp",
    stream: String = "reports", nextDue: UInt64 = start
  ) -> SyncState {
    SyncState(
      tenant: tenant, connection: connection, connector: connector, stream: stream, nextDue: nextDue)
  }

  /// Everything that can be set.
  static var whole: SyncState {
    var state = sample(nextDue: start + hour)
    state.cursor = "page\u{0}2"
    state.window = Window(since: start - day, until: start)
    state.coveredUntil = start - hour
    state.lastStarted = start
    state.lastSucceeded = start - 2
    state.failures = 3
    state.failure = Failure(code: "upstream", message: "The platform answered 502.")
    state.runs = 5
    state.runRecords = 70
    return state
  }
}

extension SyncRecord {
  static func sample(
    _ id: String, subject: String? = nil, kind: String = "campaign", at: UInt64? = start, opens: Int = 1,
    connection: String = "con_1", tenant: String = "acme", stream: String = "reports"
  ) -> SyncRecord {
    SyncRecord(
      tenant: tenant, connection: connection, stream: stream, id: id, subject: subject ?? id, kind: kind,
      at: at, value: Array(#"{"opens":\#(opens)}"#.utf8), firstSeen: start)
  }
}

extension RecordFilter {
  static let sample = RecordFilter(tenant: "acme", connection: "con_1")
}

extension Store {
  /// A connection with one stream that nothing was read of.
  func addStream(_ connection: ConnectionRecord = .sample()) async throws -> SyncState {
    try await add(connection, secrets: [], audit: .sample())
    let state = SyncState.sample(connection: connection.id, tenant: connection.tenant)
    try await add([state])
    return state
  }
}
