internal import ConnectorModel
internal import Manifest
internal import PluginLoader

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// What changed between two versions of a connector, and the version that is due for it.
package struct ConnectorDiff: Sendable, Codable, Equatable {
  package struct Change: Sendable, Codable, Equatable {
    /// In the words of the JSON: `action_removed`.
    package var change: String
    /// What it is about.
    package var subject: String
    package var bump: VersionBump
    package var what: String
  }

  package var connector: String
  package var old: String
  package var new: String
  /// The worst first.
  package var changes: [Change]
  package var due: VersionBump
  /// Nil when the new version is not a later one.
  package var declared: VersionBump?

  /// The declared version says at least what is due.
  package var isHonest: Bool { declared.map { $0 >= due } ?? false }

  /// Compares manifests with their schemas, and libraries where both are there.
  ///
  /// - Throws: when one cannot be used, or they are two connectors.
  package init(old: Subject, new: Subject) throws(TranscriptFault) {
    for subject in [old, new] where subject.manifest == nil {
      throw TranscriptFault(what: "\(subject.given.manifestPath) cannot be used; see `patchbay lint`")
    }
    guard let before = old.manifest, let after = new.manifest, before.id == after.id else {
      throw TranscriptFault(what: "these are two connectors, not two versions of one")
    }
    let digests = [old, new].map { (try? $0.library()).flatMap { try? SHA256Digest(of: $0.bytes).hex } }
    self.init(before, after, libraries: (digests[0], digests[1]))
  }

  /// - Parameter libraries: their SHA-256, nil where there is none.
  init(_ before: Manifest, _ after: Manifest, libraries: (old: String?, new: String?) = (nil, nil)) {
    var found = ManifestChanges(before, after).changes
    if let old = libraries.old, let new = libraries.new, old != new {
      found.append(
        .init(change: "library_changed", subject: "library", bump: .patch, what: "the library is another"))
    }
    connector = after.id
    old = before.version
    new = after.version
    changes = found.enumerated().sorted { ($1.element.bump, $0.offset) < ($0.element.bump, $1.offset) }
      .map(\.element)
    due = found.map(\.bump).max() ?? .none
    declared = VersionBump(from: before.version, to: after.version)
  }

  package var text: String {
    var lines = changes.map { "\($0.bump.rawValue.uppercased())  \($0.subject): \($0.what)" }
    let said =
      declared.map { $0 == .none ? "no new version" : "a \($0.rawValue) version" } ?? "no later version"
    lines.append(
      "\(connector) \(old) → \(new): \(due == .none ? "nothing is due" : "\(due.rawValue) is due"), \(said) is declared"
        + (isHonest ? "" : "; raise the version"))
    return lines.map { $0 + "\n" }.joined()
  }
}
