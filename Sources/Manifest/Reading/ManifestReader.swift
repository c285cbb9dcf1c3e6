internal import ConnectorModel

/// Reads manifests: text, then keys, then what they mean together.
package enum ManifestReader {
  /// Reads and checks one file; every problem is found in this one pass.
  ///
  /// - Parameters:
  ///   - path: of the manifest; paths in it are relative to its folder.
  ///   - today: against which the API's end is held.
  package static func read(path: String, today: CalendarDate) -> ManifestReading {
    let folder = FileContents.folder(of: FileContents.absolute(path))
    switch FileContents.read(path, maximumBytes: 64 * SourceText.maximumBytes) {
    case .failure(let reason):
      var log = ProblemLog()
      log.report(
        .fileUnreadable, at: YAMLMark(line: 1, column: 1), "the file cannot be read: \(reason.words)",
        advice: "check the path")
      return ManifestReading(file: path, manifest: nil, problems: log.sorted(file: path))
    case .success(let bytes):
      return read(bytes, file: path, folder: folder, today: today)
    }
  }

  /// The manifest of bytes that were read without an error before; nothing is checked again, and no schema is read.
  ///
  /// Nil when no value can be made of them after all.
  package static func sound(_ bytes: [UInt8], path: String) -> Manifest? {
    var log = ProblemLog()
    guard let root = YAMLDocument(reading: bytes, log: &log).root, !log.hasErrors else { return nil }
    return build(root, file: path, folder: FileContents.folder(of: FileContents.absolute(path)), log: &log)
  }

  /// Reads a manifest from bytes.
  ///
  /// - Parameters:
  ///   - file: its name in problems.
  ///   - folder: to which schema paths are relative.
  package static func read(_ bytes: [UInt8], file: String, folder: String, today: CalendarDate)
    -> ManifestReading
  {
    var log = ProblemLog()
    let document = YAMLDocument(reading: bytes, log: &log)
    var reading = ManifestReading(file: file, manifest: nil, problems: [])
    if let root = document.root {
      reading.declaredID = root["id"].flatMap { node in node.text.map { ($0, node.mark) } }
      if let format = newerFormat(of: root) {
        log.report(
          .unsupportedFormat, at: format.mark, KeyTrail().key("manifest"),
          "the file is written in a newer format than this host reads, which is 1",
          advice: "use a newer host, or write manifest: 1")
      } else {
        log.ignoresAbsence = document.isPartial
        log = ShapeChecker.check(root, log: log)
        log = ReferenceChecker.check(root, folder: folder, today: today, log: log)
        if !log.hasErrors { reading.manifest = build(root, file: file, folder: folder, log: &log) }
      }
    }
    reading.problems = log.sorted(file: file)
    return reading
  }

  /// The node of `manifest:` when it asks for a format that is not known yet.
  private static func newerFormat(of root: YAMLNode) -> YAMLNode? {
    guard let node = root["manifest"], case .scalar(.integer(let format), _) = node.content, format > 1 else {
      return nil
    }
    return node
  }

  private static func build(_ root: YAMLNode, file: String, folder: String, log: inout ProblemLog)
    -> Manifest?
  {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    do throws(ManifestBuilder.Gap) {
      return try ManifestBuilder(root: root, folder: folder, path: folder + "/" + name).manifest()
    } catch {
      log.report(
        .builderGap, at: error.mark, error.trail, "the checks let this pass, but no value can be made of it",
        advice: "this is a defect of Patchbay; please report it with the file")
      return nil
    }
  }
}
