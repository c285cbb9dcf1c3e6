/// Collects the problems of one file.
struct ProblemLog: Sendable, Equatable {
  private(set) var problems: [ManifestProblem] = []
  /// Set once the document is known to be cut short: what is absent is no longer held against it.
  var ignoresAbsence = false

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  mutating func report(
    _ code: ProblemCode, at mark: YAMLMark, _ trail: KeyTrail, _ message: String,
    advice: String, suggestion: String? = nil
  ) {
    if ignoresAbsence, code.restsOnAbsence { return }
    problems.append(
      ManifestProblem(
        file: "", line: mark.line, column: mark.column, keyPath: trail.description, severity: code.severity,
        code: code, message: message, advice: advice, suggestion: suggestion))
  }

  /// Reports something about the file as text, where there are no keys yet.
  mutating func report(_ code: ProblemCode, at mark: YAMLMark, _ message: String, advice: String) {
    report(code, at: mark, KeyTrail(), message, advice: advice)
  }

  mutating func add(_ other: ProblemLog) { problems += other.problems }

  /// The problems of `file` in the order of its lines.
  func sorted(file: String) -> [ManifestProblem] {
    let named = problems.map { problem in
      var named = problem
      named.file = file
      return named
    }
    return named.sorted { left, right in
      (left.line, left.column, left.severity, left.message) < (
        right.line, right.column, right.severity, right.message
      )
    }
  }
}
