package import Manifest
internal import PluginLoader

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The connector that a run is about: where its manifest and its library are.
package struct Subject: Sendable {
  package var manifestPath: String
  /// Where relative library paths are looked for.
  package var plugins: [String]
  package let reading: ManifestReading

  package init(manifestPath: String, plugins: [String]) {
    self.manifestPath = manifestPath
    self.plugins = plugins
    let today = CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970))
    reading = ManifestReader.read(path: manifestPath, today: today)
  }

  package var manifest: Manifest? { reading.manifest }

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

  /// The transcripts of the connector beside its manifest.
  var transcriptFolder: String {
    let folder = manifestPath.lastIndex(of: "/").map { String(manifestPath[..<$0]) } ?? "."
    return "\(folder)/transcripts/\(manifest?.id ?? "")"
  }
}
