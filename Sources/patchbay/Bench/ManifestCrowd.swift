#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Many manifests made of one.
enum ManifestCrowd {
  /// Makes `directory` with `count` copies, each with an id, a library and schema files of its own.
  ///
  /// - Returns: bytes of all files together.
  static func make(_ count: Int, of original: String, in directory: String) throws -> Int {
    let text = try String(contentsOfFile: original, encoding: .utf8)
    let folder = original[..<(original.lastIndex(of: "/") ?? original.startIndex)] + "/schemas/mailchimp"
    let names = try FileManager.default.contentsOfDirectory(atPath: String(folder))
    let schemas = try names.map { name in (name, try Data(contentsOf: URL(filePath: folder + "/" + name))) }
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
        text.replacing("\nid: mailchimp\n", with: "\nid: \(id)\n")
        .replacing("schemas/mailchimp/", with: "schemas/\(id)/")
        .replacing("libMailchimpConnector.so", with: "lib\(number).so")
      try manifest.write(toFile: directory + "/\(id).yaml", atomically: false, encoding: .utf8)
      bytes += manifest.utf8.count
    }
    return bytes
  }
}
