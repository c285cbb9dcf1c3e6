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
        if let answer = try Self.answer(to: effect, database) { return answer }
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
      if let effect { try Self.keep(answer, to: effect, database) }
      return answer
    } deliver: { result in
      switch result {
      case .success(let answer): deliver(answer)
      case .failure(let error): deliver(KeyValueAnswer(outcome: .internal, message: error.message))
      }
    }
  }

  private static func answer(to effect: ReplayableEffect, _ database: Database) throws -> KeyValueAnswer? {
    try database.first(
      "SELECT outcome, value, version, message FROM kv_effects WHERE job = ? AND effect = ?",
      [effect.job, effect.id.bits]
    ) { row in
      KeyValueAnswer(
        outcome: OutcomeCode(abi: Int32(clamping: row.integer())), value: row.bytes(), version: row.bits(),
        message: row.text())
    }
  }

  private static func keep(_ answer: KeyValueAnswer, to effect: ReplayableEffect, _ database: Database) throws
  {
    try database.run(
      "INSERT INTO kv_effects (job, effect, outcome, value, version, message) VALUES (?, ?, ?, ?, ?, ?)",
      [
        effect.job, effect.id.bits, Int(answer.outcome.rawValue), answer.value.blob, answer.version.bits,
        answer.message,
      ])
  }

  /// A worker that lost its job may come late; nothing would ever clear what it leaves.
  private static func hasEnded(_ job: String, _ database: Database) throws -> Bool {
    try database.exists("SELECT 1 FROM jobs WHERE id = ? AND finished_at IS NOT NULL", [job])
  }
}
