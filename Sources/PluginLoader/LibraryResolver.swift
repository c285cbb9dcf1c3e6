package import Manifest

/// Finds the file of a manifest's library.
package struct LibraryResolver: Sendable {
  /// No connector is larger; a static Swift build with Foundation has about 20 MB.
  package static let maximumBytes = 256 << 20

  /// Directories, in the order they are tried.
  package var searchPath: [String]
  /// For instance `linux-x86_64`.
  package var platform: String

  package init(searchPath: [String], platform: String) {
    self.searchPath = searchPath
    self.platform = platform
  }

  package struct Found: Sendable, Equatable {
    package var path: String
    package var bytes: [UInt8]
    /// What the manifest pins.
    package var sha256: String?
  }

  /// Reads the first file of that name on the search path; what follows is never a substitute for a bad one.
  ///
  /// - Parameter attempts: gets each path tried, with what was found there.
  package func resolve(
    _ library: Manifest.Library, attempts: inout [LoadReport.Attempt]
  ) throws(PluginError) -> Found {
    guard let file = library.files[platform] ?? library.files["any"] else {
      throw .noLibraryForPlatform(platform: platform, offered: library.files.keys.sorted())
    }
    var tried: [String] = []
    for path in try candidates(file.path) {
      do throws(FileBytes.Failure) {
        let bytes = try FileBytes.read(path, maximum: Self.maximumBytes)
        attempts.append(LoadReport.Attempt(path: path, result: "found"))
        return Found(path: path, bytes: bytes, sha256: file.sha256)
      } catch {
        let refusal: PluginError
        switch error {
        case .errno(2):
          attempts.append(LoadReport.Attempt(path: path, result: FileBytes.words(2)))
          tried.append(path)
          continue
        case .errno(let number): refusal = .unreadable(path: path, reason: FileBytes.words(number))
        case .notAFile: refusal = .unreadable(path: path, reason: "it is not a regular file")
        case .tooLarge(let bytes):
          refusal = .tooLarge(path: path, bytes: bytes, maximum: Self.maximumBytes)
        }
        attempts.append(LoadReport.Attempt(path: path, result: refusal.code))
        throw refusal
      }
    }
    throw .notFound(library: file.path, tried: tried)
  }

  private func candidates(_ path: String) throws(PluginError) -> [String] {
    if path.hasPrefix("/") { return [path] }
    guard !path.split(separator: "/").contains("..") else { throw .leavesSearchPath(path) }
    return searchPath.map { $0.hasSuffix("/") ? $0 + path : "\($0)/\(path)" }
  }
}
