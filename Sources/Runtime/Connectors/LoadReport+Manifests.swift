internal import Manifest
internal import PluginLoader

extension LoadReport.Entry {
  static let unreadableCode = "manifest_invalid"

  /// The entry of a manifest that cannot be used; nil for one that can.
  init?(unreadable reading: ManifestReading) {
    guard reading.manifest == nil else { return nil }
    let errors = reading.problems.filter { $0.severity == .error }
    var first = errors.first.map { "\($0)" } ?? "\(reading.file) cannot be read"
    if first.hasSuffix(".") { first.removeLast() }
    let others = errors.count - 1
    let more =
      others > 0
      ? "; `patchbay lint \(reading.file)` tells of \(others) more \(others == 1 ? "error" : "errors")" : ""
    self.init(
      id: reading.file.split(separator: "/").last.map(String.init) ?? reading.file, version: "-",
      manifest: reading.file, code: Self.unreadableCode, reason: first + more)
  }
}
