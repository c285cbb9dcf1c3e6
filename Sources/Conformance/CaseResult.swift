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
