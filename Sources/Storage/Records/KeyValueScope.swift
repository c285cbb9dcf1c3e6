internal import ConnectorModel
internal import GRDB
internal import Ports

/// One connector's state on one connection, inside a transaction.
struct KeyValueScope {
  static let maximumKey = 256
  static let maximumValue = 64 * 1024
  static let maximumKeys = 1_000
  static let maximumBytes = 1024 * 1024

  private struct Entry {
    var value: [UInt8]
    var version: UInt64
  }

  let database: Database
  let tenant: String
  let connection: String
  let connector: String
  let now: UInt64

  func perform(_ request: KeyValueRequest) throws -> KeyValueAnswer {
    guard (1...Self.maximumKey).contains(request.key.utf8.count) else {
      return KeyValueAnswer(outcome: .invalidInput, message: "a key has 1 to \(Self.maximumKey) bytes")
    }
    let scope = try number()
    let current = try scope.flatMap { try entry(request.key, in: $0) }
    if request.verb == .get {
      guard let current else { return Self.absent }
      return KeyValueAnswer(outcome: .ok, value: current.value, version: current.version)
    }
    guard request.condition.holds(current?.version) else {
      return KeyValueAnswer(
        outcome: .conflict, value: current?.value ?? [], version: current?.version ?? 0,
        message: "the key has another version")
    }
    if request.verb == .delete {
      guard let scope, current != nil else { return Self.absent }
      try database.run("DELETE FROM kv_entries WHERE scope = ? AND key = ?", [scope, request.key.blob])
      return KeyValueAnswer(outcome: .ok, version: try nextVersion(scope))
    }
    return try put(request, in: try scope ?? make(), current?.version ?? 0)
  }

  private static let absent = KeyValueAnswer(outcome: .notFound, message: "there is no such key")

  private func put(_ request: KeyValueRequest, in scope: Int, _ current: UInt64) throws -> KeyValueAnswer {
    try database.run("DELETE FROM kv_entries WHERE scope = ? AND expires_at <= ?", [scope, now.time])
    let (keys, bytes) =
      try database.first(
        "SELECT count(*), coalesce(sum(length(value)), 0) FROM kv_entries WHERE scope = ? AND key <> ?",
        [scope, request.key.blob]
      ) { row in (row.integer(), row.integer()) } ?? (0, 0)
    guard request.value.count <= Self.maximumValue, keys < Self.maximumKeys,
      bytes + request.value.count <= Self.maximumBytes
    else {
      return KeyValueAnswer(
        outcome: .quota, version: current,
        message: """
          a value has at most \(Self.maximumValue) bytes, a connection \(Self.maximumKeys) keys and \
          \(Self.maximumBytes) bytes
          """)
    }
    let version = try nextVersion(scope)
    try database.run(
      """
      INSERT INTO kv_entries (scope, key, version, expires_at, value) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET version = excluded.version, expires_at = excluded.expires_at, value = excluded.value
      """,
      [scope, request.key.blob, version.bits, request.timeToLive?.after(now).time, request.value.blob])
    return KeyValueAnswer(outcome: .ok, version: version)
  }

  private func number() throws -> Int? {
    try database.first(
      "SELECT number FROM kv_scopes WHERE connection = ? AND connector = ? AND tenant = ?",
      [connection, connector, tenant]
    ) { $0.integer() }
  }

  private func make() throws -> Int {
    try database.run(
      "INSERT INTO kv_scopes (tenant, connection, connector, last_version) VALUES (?, ?, ?, 0)",
      [tenant, connection, connector])
    return Int(database.lastInsertedRowID)
  }

  /// What has expired is absent, also while its row is there.
  private func entry(_ key: String, in scope: Int) throws -> Entry? {
    try database.first(
      """
      SELECT value, version FROM kv_entries
      WHERE scope = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)
      """, [scope, key.blob, now.time]
    ) { row in Entry(value: row.bytes(), version: row.bits()) }
  }

  private func nextVersion(_ scope: Int) throws -> UInt64 {
    try database.first(
      "UPDATE kv_scopes SET last_version = last_version + 1 WHERE number = ? RETURNING last_version", [scope]
    ) { $0.bits() } ?? 0
  }
}

extension KeyValueRequest.Condition {
  fileprivate func holds(_ version: UInt64?) -> Bool {
    switch self {
    case .any: true
    case .absent: version == nil
    case .version(let wanted): version == wanted
    }
  }
}
