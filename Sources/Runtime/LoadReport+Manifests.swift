internal import Manifest
internal import PluginLoader

extension LoadReport.Entry {
  /// The entry of a manifest that cannot be used; nil for one that can.
  init?(unreadable reading: ManifestReading) {
    guard reading.manifest == nil else { return nil }
    let errors = reading.problems.filter { $0.severity == .error }
    let first = errors.first.map { "\($0)" } ?? "\(reading.file) cannot be read"
    let more =
      errors.count > 1
      ? ", and \(errors.count - 1) more errors; `patchbay lint \(reading.file)` lists them" : ""
    self.init(
      id: reading.file.split(separator: "/").last.map(String.init) ?? reading.file, version: "-",
      manifest: reading.file, code: "manifest_invalid", reason: first + more)
  }
}
