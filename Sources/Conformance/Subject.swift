package import Manifest
internal import PluginLoader

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The connector that a run is about: where its manifest and its library are.
package struct Subject: Sendable {
  /// Absolute: a case may run in any directory.
  package let manifestPath: String
  /// Where relative library paths are looked for; absolute too.
  package let plugins: [String]
  /// The paths as they were given, for what people read.
  package let given: (manifestPath: String, plugins: [String])
  /// Nil when it cannot be used.
  package let manifest: Manifest?
  /// SHA-256 of the manifest's bytes when it can be used: a child that finds the same bytes checks them no more.
  let soundManifest: String?

  /// - Parameters:
  ///   - manifestPath: from this process's directory when it is relative; the paths of `plugins` as well.
  ///   - known: the manifest when it was read already.
  ///   - soundManifest: as the subject of another process says it.
  package init(
    manifestPath: String, plugins: [String], known: Manifest? = nil, soundManifest: String? = nil
  ) {
    given = (manifestPath, plugins)
    let manifestPath = Self.absolute(manifestPath)
    self.manifestPath = manifestPath
    self.plugins = plugins.map(Self.absolute)
    let bytes = Self.bytes(manifestPath) ?? []
    let digest = try? SHA256Digest(of: bytes).hex
    manifest =
      known
      ?? (soundManifest != nil && soundManifest == digest
        ? ManifestReader.sound(bytes, path: manifestPath) : Self.reading(of: manifestPath).manifest)
    self.soundManifest = manifest == nil ? nil : digest
  }

  /// Reads the manifest again, for what there is to say of it.
  package var reading: ManifestReading { Self.reading(of: manifestPath) }

  private static func reading(of path: String) -> ManifestReading {
    ManifestReader.read(
      path: path, today: CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970)))
  }

  /// What a child is told of it.
  var arguments: [String] {
    [manifestPath] + plugins.flatMap { ["--plugins", $0] }
      + (soundManifest.map { ["--sound-manifest", $0] } ?? [])
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }

  /// A dash when the manifest cannot be used.
  package var connectorID: String { manifest?.id ?? "-" }

  /// The library that the host would load, as the host finds it.
  func library() throws(PluginError) -> LibraryResolver.Found {
    var attempts: [LoadReport.Attempt] = []
    let resolver = LibraryResolver(searchPath: plugins, platform: HostFacts.ofThisProcess().platform)
    return try resolver.resolve(manifest?.library ?? .init(files: [:]), attempts: &attempts)
  }

  /// The line of the manifest that first says `key`, from 1; for reports that point at lines.
  func line(of key: String) -> Int {
    guard let text = try? String(contentsOfFile: manifestPath, encoding: .utf8) else { return 1 }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.firstIndex { $0.hasPrefix("\(key):") } ?? 0) + 1
  }

  /// Where the manifest says `key`, or that it does not; for reasons why something is not asked.
  func place(of key: String) -> String {
    manifestLines.contains { $0.hasPrefix("\(key):") }
      ? "`\(key)` in line \(line(of: key)) of the manifest" : "the manifest has no `\(key)`"
  }

  /// The transcripts of the connector beside its manifest.
  var transcriptFolder: String {
    "\(folder)/transcripts/\(manifest?.id ?? "")"
  }

  private var folder: String {
    manifestPath.lastIndex(of: "/").map { String(manifestPath[..<$0]) } ?? "."
  }

  /// Where a platform's error bodies stand, if its authors wrote them down.
  var errorTable: String { "\(folder)/transcripts/\(manifest?.id ?? "").errors.json" }

  /// A file's bytes, nil when it cannot be read.
  static func bytes(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
  }

  var manifestLines: [Substring] {
    let text = (try? String(contentsOfFile: manifestPath, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The manifest, and the transcripts beside it, by their names.
  var ownFiles: [(name: String, bytes: [UInt8])] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: transcriptFolder)) ?? []).sorted()
    return ([manifestPath] + names.map { "\(transcriptFolder)/\($0)" }).compactMap { path in
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return (try? Data(contentsOf: URL(filePath: path))).map { (name, [UInt8]($0)) }
    }
  }

  /// Usable manifests in the same folder, in the order of their names.
  var neighbours: [Manifest] {
    let own = manifestPath.split(separator: "/").last.map(String.init)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.filter { $0 != own && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.prefix(32)
      .compactMap { Self.reading(of: "\(folder)/\($0)").manifest }
  }
}
