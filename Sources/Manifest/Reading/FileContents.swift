internal import struct FoundationEssentials.Data
internal import struct FoundationEssentials.FileAttributeKey
internal import struct FoundationEssentials.FileAttributeType
internal import class FoundationEssentials.FileManager
internal import struct FoundationEssentials.URL

/// Reads small regular files whole.
enum FileContents {
  struct Failure: Error, Equatable {
    var words: String
  }

  /// Never opens anything but a regular file, so that a pipe or device cannot hold the reader up.
  static func read(_ path: String, maximumBytes: Int) -> Result<[UInt8], Failure> {
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else {
      return .failure(Failure(words: "there is no such file"))
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      return .failure(Failure(words: "it is not a regular file"))
    }
    if let size = attributes[.size] as? UInt64 ?? (attributes[.size] as? Int).map(UInt64.init),
      size > UInt64(maximumBytes)
    {
      return .failure(Failure(words: "it has \(size) bytes, and \(maximumBytes) are allowed"))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(Failure(words: "reading it is not permitted"))
    }
    return .success([UInt8](data))
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  /// The names in a folder, sorted; nil when it cannot be listed.
  static func names(in folder: String) -> [String]? {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted()
  }
}
