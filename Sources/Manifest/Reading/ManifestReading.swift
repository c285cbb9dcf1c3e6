/// What came of reading one manifest.
package struct ManifestReading: Sendable, Equatable {
  /// As it was given or found.
  package var file: String
  /// Nil exactly when `problems` holds an error.
  package var manifest: Manifest?
  /// In the order of the file's lines.
  package var problems: [ManifestProblem]
  /// The id as the file says it and where, even when the manifest cannot be used.
  var declaredID: (text: String, mark: YAMLMark)?

  /// Adds a problem found after reading and keeps the promise about `manifest`.
  mutating func add(_ problem: ManifestProblem) {
    let position = problems.firstIndex { ($0.line, $0.column) > (problem.line, problem.column) }
    problems.insert(problem, at: position ?? problems.endIndex)
    if problem.severity == .error { manifest = nil }
  }

  package static func == (left: ManifestReading, right: ManifestReading) -> Bool {
    left.file == right.file && left.manifest == right.manifest && left.problems == right.problems
  }
}
