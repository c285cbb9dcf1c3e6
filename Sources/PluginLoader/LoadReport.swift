/// What became of each manifest: every path tried, every reason.
///
/// Sorted by connector id; `Codable` for `patchbay connectors --format json`.
package struct LoadReport: Sendable, Equatable, Codable {
  package enum Status: String, Sendable, Codable { case loaded, refused }

  /// One path that was looked at and what was found.
  package struct Attempt: Sendable, Equatable, Codable {
    package var path: String
    package var result: String

    package init(path: String, result: String) {
      self.path = path
      self.result = result
    }
  }

  package struct Entry: Sendable, Equatable, Codable {
    /// The manifest's id and version.
    package var id: String
    package var version: String
    package var manifest: String
    package var status: Status
    /// Nil when loaded.
    package var code: String?
    /// One sentence that says what, where and what to do; nil when loaded.
    package var reason: String?
    /// Each way in which library and manifest differ, one sentence each.
    package var differences: [String]
    package var attempts: [Attempt]
    /// The file that the manifest led to.
    package var library: String?
    package var sha256: String?
    package var privateCopy: String?
    package var generation: Int?
    /// `1.0`: the lower of both sides' minors.
    package var abi: String?
    /// What the library says of its build.
    package var build: String?
    package var notes: [String]
  }

  package var entries: [Entry]

  package init(entries: [Entry]) { self.entries = entries }
}

extension LoadReport.Entry {
  /// A manifest whose connector is refused; the loader fills in what it finds out.
  package init(id: String, version: String, manifest: String, code: String? = nil, reason: String? = nil) {
    self.init(
      id: id, version: version, manifest: manifest, status: .refused, code: code, reason: reason,
      differences: [], attempts: [], library: nil, sha256: nil, privateCopy: nil, generation: nil, abi: nil,
      build: nil, notes: [])
  }
}
