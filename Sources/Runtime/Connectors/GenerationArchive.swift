internal import FoundationEssentials
internal import Manifest

/// The manifests that libraries were served with, kept beside the host's own copies of the libraries.
///
/// `STATE/libraries/<sha256>.manifest` holds a manifest and the schemas it names. With it an operation goes on
/// after a restart although a newer library is served by then. Reads and writes files: call it on a named thread.
struct GenerationArchive: Sendable {
  private let directory: URL

  /// What another process may be about to map is younger.
  private static let minimumAge: TimeInterval = 3600
  private static let suffix = ".manifest"

  init(state: String) { directory = URL(filePath: state).appending(path: "libraries") }

  /// Keeps a manifest and its schemas in place of what was kept for the same library.
  ///
  /// - Throws: `RuntimeError` when a schema lies outside of the manifest's directory, or a file cannot be copied.
  func keep(_ manifest: Manifest, sha256: String) throws(RuntimeError) {
    let home = URL(filePath: manifest.path).deletingLastPathComponent().path
    let (place, making) = (folder(sha256), folder(sha256).appendingPathExtension("new"))
    do {
      try? FileManager.default.removeItem(at: making)
      // What was signed then is asked for again.
      let attestation = "\(home)/\(manifest.id).attestation.json"
      let signed = FileManager.default.fileExists(atPath: attestation) ? [attestation] : []
      for file in Set([manifest.path] + manifest.schemaPaths + signed) {
        guard file.hasPrefix(home + "/") else {
          throw RuntimeError("\(file) lies outside of \(home), so it cannot be kept")
        }
        let copy = making.appending(path: String(file.dropFirst(home.count + 1)))
        try FileManager.default.createDirectory(
          at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contentsOf: URL(filePath: file)).write(to: copy)
      }
      try? FileManager.default.removeItem(at: place)
      try FileManager.default.moveItem(at: making, to: place)
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw RuntimeError("the manifest \(manifest.path) cannot be kept in \(place.path): \(error)")
    }
  }

  /// What was kept for a library, leading to the host's own copy of it; nil when it is gone or unusable.
  func manifest(of sha256: String, today: CalendarDate) -> Manifest? {
    let kept = ManifestDirectory.read([folder(sha256).path], today: today).compactMap(\.manifest)
    guard kept.count == 1, var manifest = kept.first, let copy = copies(of: sha256).first else { return nil }
    manifest.library = Manifest.Library(files: ["any": .init(path: copy.path, sha256: sha256)])
    return manifest
  }

  /// Removes old copies and manifests of all libraries but these.
  ///
  /// - Parameter now: seconds since 1970; what is younger than an hour stays.
  func sweep(keeping libraries: Set<String>, now: TimeInterval) {
    for file in files where !libraries.contains(where: { file.lastPathComponent.hasPrefix($0) }) {
      let facts = try? FileManager.default.attributesOfItem(atPath: file.path)
      guard let changed = facts?[.modificationDate] as? Date,
        now - changed.timeIntervalSince1970 > Self.minimumAge
      else { continue }
      try? FileManager.default.removeItem(at: file)
    }
  }

  private func folder(_ sha256: String) -> URL { directory.appending(path: sha256 + Self.suffix) }

  private func copies(of sha256: String) -> [URL] {
    files.filter { $0.lastPathComponent.hasPrefix(sha256 + "-") && $0.pathExtension == "so" }
  }

  private var files: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.sorted().map { directory.appending(path: $0) }
  }
}

extension Manifest {
  /// Every file that it names beside the library, as absolute paths.
  fileprivate var schemaPaths: [String] {
    actions.values.flatMap { [$0.input, $0.output].compactMap(\.self) } + sync.values.compactMap(\.record)
      + [configuration?.schema].compactMap(\.self)
  }
}
