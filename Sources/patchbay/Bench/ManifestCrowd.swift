#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Many manifests made of one.
enum ManifestCrowd {
  /// Makes `directory` with `count` copies, each with an id, a library and schema files of its own.
  ///
  /// The original is named `<id>.yaml` and has its schemas in `schemas/<id>` beside it.
  ///
  /// - Returns: bytes of all files together.
  static func make(_ count: Int, of original: String, in directory: String) throws -> Int {
    let text = try String(contentsOfFile: original, encoding: .utf8)
    let file = URL(filePath: original)
    let name = file.deletingPathExtension().lastPathComponent
    let folder = file.deletingLastPathComponent().appending(path: "schemas/\(name)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let schemas = try names.map { ($0, try Data(contentsOf: folder.appending(path: $0))) }
    var bytes = 0
    for number in 1...count {
      let id = "bench-\(number)"
      let schemaFolder = directory + "/schemas/" + id
      try FileManager.default.createDirectory(atPath: schemaFolder, withIntermediateDirectories: true)
      for (name, data) in schemas {
        try data.write(to: URL(filePath: schemaFolder + "/" + name))
        bytes += data.count
      }
      let manifest =
        text.replacing("\nid: \(name)\n", with: "\nid: \(id)\n")
        .replacing("schemas/\(name)/", with: "schemas/\(id)/")
        .replacing(/\nlibrary: .*/, with: "\nlibrary: lib\(number).so")
      try manifest.write(toFile: directory + "/\(id).yaml", atomically: false, encoding: .utf8)
      bytes += manifest.utf8.count
    }
    return bytes
  }
}
