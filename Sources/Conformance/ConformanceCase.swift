/// One question that a run asks of a connector.
package struct ConformanceCase: Sendable {
  /// What a connector that passes may call itself; each includes those before it.
  package enum Level: String, Sendable, CaseIterable, Comparable, Codable {
    case bronze, silver, gold

    package static func < (left: Level, right: Level) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  /// What a failure means; `should` and `performance` only warn.
  package enum Strength: String, Sendable, Codable {
    case must = "MUST", should = "SHOULD", performance = "PERF"
  }

  /// Such as `G1`; the letter is the category.
  package let id: String
  /// Rules of docs/abi.md that it holds the connector to, the one it is about first.
  package let rules: [String]
  package let level: Level
  package let strength: Strength
  /// One line.
  package let proves: String
  /// CPU time after which its process is ended; as much wall time, or more on a busy machine, is a hang.
  let seconds: Int
  /// Run in two processes whose traces must be equal.
  let isTwin: Bool
  /// What calls lend to the connector cannot be read past, written, or used later.
  let usesGuardedMemory: Bool
  /// Bytes that every structure is longer than today's, as if a newer host had made it.
  let growth: UInt32
  /// Runs in a process of its own and says what it finds to the run.
  let body: @Sendable (CaseRun) throws(CaseStop) -> Void

  init(
    _ id: String, _ rules: [String], _ level: Level, strength: Strength = .must, seconds: Int = 20,
    isTwin: Bool = false, guarded: Bool = false, growth: UInt32 = 0, _ proves: String,
    body: @escaping @Sendable (CaseRun) throws(CaseStop) -> Void
  ) {
    self.id = id
    self.rules = rules
    self.level = level
    self.strength = strength
    self.proves = proves
    self.seconds = seconds
    self.isTwin = isTwin
    usesGuardedMemory = guarded
    self.growth = growth
    self.body = body
  }

  package var category: String { String(id.prefix(1)) }
}

/// Why a case ends before its last question.
enum CaseStop: Error {
  /// It does not apply; the reason is for the report.
  case skip(String)
  /// What was found is told already, and the rest cannot be asked.
  case failed
}
