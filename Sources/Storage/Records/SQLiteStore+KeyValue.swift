package import ConnectorModel
internal import GRDB
package import Ports

extension SQLiteStore {
  package func perform(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64, effect: ReplayableEffect?,
    deliver: @escaping @Sendable (KeyValueAnswer) -> Void
  ) {
    // Reads too go through the thread that writes: they come after what was pushed before them.
    write { database in
      if let effect {
        if let answer = try Self.answer(to: effect, request, database) { return answer }
        if try Self.hasEnded(effect.job, database) {
          return KeyValueAnswer(outcome: .invalidState, message: "the operation's job has ended")
        }
      }
      let tenant = try database.first("SELECT tenant FROM connections WHERE id = ?", [connection]) {
        $0.text()
      }
      let scope = KeyValueScope(
        database: database, tenant: tenant ?? "", connection: connection, connector: connector, now: now)
      let answer = try scope.perform(request)
      if let effect { try Self.keep(answer, to: effect, request, database) }
      return answer
    } deliver: { result in
      switch result {
      case .success(let answer): deliver(answer)
      case .failure(let error): deliver(KeyValueAnswer(outcome: .internal, message: error.message))
      }
    }
  }

  private static func answer(
    to effect: ReplayableEffect, _ request: KeyValueRequest, _ database: Database
  ) throws -> KeyValueAnswer? {
    try database.first(
      """
      SELECT outcome, value, version, message FROM kv_effects
      WHERE job = ? AND effect = ? AND (request = ? OR request = 0)
      """, [effect.job, effect.id.bits, request.fingerprint.bits]
    ) { row in
      KeyValueAnswer(
        outcome: OutcomeCode(abi: Int32(clamping: row.integer())), value: row.bytes(), version: row.bits(),
        message: row.text())
    }
  }

  /// An operation without a journal begins anew after a kill, and may ask for something else under the same number.
  private static func keep(
    _ answer: KeyValueAnswer, to effect: ReplayableEffect, _ request: KeyValueRequest, _ database: Database
  ) throws {
    try database.run(
      """
      INSERT OR REPLACE INTO kv_effects (request, job, effect, outcome, value, version, message)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        request.fingerprint.bits, effect.job, effect.id.bits, Int(answer.outcome.rawValue), answer.value.blob,
        answer.version.bits,
        answer.message,
      ])
  }

  /// A worker that lost its job may come late; nothing would ever clear what it leaves.
  private static func hasEnded(_ job: String, _ database: Database) throws -> Bool {
    try database.exists("SELECT 1 FROM jobs WHERE id = ? AND finished_at IS NOT NULL", [job])
  }
}

extension KeyValueRequest {
  /// Tells one request from another of the same job; the same in every process, and never 0.
  fileprivate var fingerprint: UInt64 {
    let (kind, version): (UInt64, UInt64) =
      switch condition {
      case .any: (0, 0)
      case .absent: (1, 0)
      case .version(let version): (2, version)
      }
    let time = timeToLive?.nanosecondsClamped
    // FNV-1a: nobody gains by a collision but the connector that makes it.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for number in [
      UInt64(verb.rawValue), kind, version, time == nil ? 0 : 1, time ?? 0, UInt64(key.utf8.count),
    ] {
      for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }
    for byte in key.utf8 { mix(byte) }
    for byte in value { mix(byte) }
    return max(hash, 1)
  }
}
