/// One thing to know about a manifest: where, what, and what to do.
package struct ManifestProblem: Sendable, Equatable, Encodable {
  package enum Severity: String, Sendable, Encodable, Comparable, CaseIterable {
    /// The manifest cannot be used.
    case error
    case warning
    /// Understood, and told so that nothing is silently ignored.
    case note

    package static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  package var file: String
  /// From 1.
  package var line: Int
  /// From 1, in code points.
  package var column: Int
  /// Such as `endpoints.api.base[0]`; empty for the file as a whole.
  package var keyPath: String
  package var severity: Severity
  package var code: ProblemCode
  /// What is wrong.
  package var message: String
  /// What to do about it.
  package var advice: String
  /// The nearest known word, when one is near.
  package var suggestion: String?
}

extension ManifestProblem: CustomStringConvertible {
  /// As compilers print it: `file:line:column: error: key.path: what is wrong; what to do`.
  package var description: String {
    let place = keyPath.isEmpty ? "" : "\(keyPath): "
    let hint = suggestion.map { "did you mean \"\($0)\"?" } ?? advice
    return "\(file):\(line):\(column): \(severity.rawValue): \(place)\(message)"
      + (hint.isEmpty ? "" : "; \(hint)")
  }
}
