internal import Manifest

#if canImport(Glibc)
  internal import Glibc
#endif

extension ManifestReading {
  /// Whether this reading is of the file that a manifest came from, or of its folder, which cannot be listed now.
  ///
  /// A folder that is gone or closed says nothing of the manifests in it; one that is empty says that they are gone.
  /// Calls `access`.
  func covers(_ manifest: Manifest) -> Bool {
    if Self.names(file, manifest.path) { return true }
    let folder = manifest.path.prefix(upTo: manifest.path.lastIndex(of: "/") ?? manifest.path.startIndex)
    var path = file
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard Self.names(path, String(folder)) else { return false }
    return unsafe access(path, R_OK | X_OK) != 0
  }

  /// Readings keep paths as they were given, manifests absolute.
  private static func names(_ given: String, _ absolute: String) -> Bool {
    given == absolute || (!given.hasPrefix("/") && absolute.hasSuffix("/" + given))
  }
}
