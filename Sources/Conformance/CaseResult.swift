/// What became of one case.
package struct CaseResult: Sendable, Codable, Equatable {
  package enum Verdict: String, Sendable, Codable {
    case passed, failed, crashed
    case timedOut = "timed_out"
    case skipped, warning
  }

  /// The case's id.
  package var id: String
  package var verdict: Verdict
  package var findings: [Finding]
  /// Why it was skipped, or what is worth knowing of a pass; empty for nothing.
  package var note: String
  package var milliseconds: Int
  /// A command that asks the same question in the same way.
  package var reproduce: String

  package var hasFailed: Bool { verdict == .failed || verdict == .crashed || verdict == .timedOut }
}

/// One way in which a connector broke a rule.
package struct Finding: Sendable, Codable, Equatable {
  /// Of docs/abi.md, or `transcript` when the connector does not do what its own transcript says.
  package var rule: String
  package var expected: String
  package var happened: String
  /// Where it was when it happened.
  package var step: String

  package init(rule: String, expected: String, happened: String, step: String) {
    self.rule = rule
    self.expected = expected
    self.happened = happened
    self.step = step
  }
}

/// What became of one manifest.
package struct RunReport: Sendable, Codable, Equatable {
  package var manifest: String
  package var connector: String
  package var version: String
  /// Lower-case hex of the library and the manifest; empty when there is none.
  package var librarySHA256: String
  package var manifestSHA256: String
  package var runner: String
  package var abi: String
  package var level: ConformanceCase.Level
  package var seed: UInt64
  package var results: [CaseResult]
  /// What this machine could not do for the run.
  package var notices: [String]

  package var hasFailed: Bool { results.contains(where: \.hasFailed) }

  /// The rule of the first failure: the one to look at first.
  package var primaryRule: String? { results.first(where: \.hasFailed)?.findings.first?.rule }
}
