internal import Dispatch
internal import Synchronization

/// Reads the manifests of folders and files.
package enum ManifestDirectory {
  /// Reads every path: a file as it is, a folder's `*.yaml` and `*.yml` in the order of their names.
  ///
  /// Subfolders, where schemas and examples live, and hidden files are left alone. Two manifests with the same id
  /// are both refused, each naming the other; a file that is
  /// named twice is read once. One bad file never stops the others.
  package static func read(_ paths: [String], today: CalendarDate) -> [ManifestReading] {
    var readings: [ManifestReading] = []
    var seen: Set<String> = []
    for path in paths {
      let files = FileContents.isFolder(path) ? manifests(in: path) : [path]
      guard let files, !files.isEmpty else {
        readings.append(emptyFolder(path, canBeListed: files != nil))
        continue
      }
      readings += read(files: files.filter { seen.insert(FileContents.absolute($0)).inserted }, today)
    }
    refuseDuplicates(in: &readings)
    return readings
  }

  /// Many on all cores at once, in the order of the files.
  ///
  /// Blocks the calling thread, which is never a cooperative one: reading files blocks too.
  private static func read(files: [String], _ today: CalendarDate) -> [ManifestReading] {
    guard files.count > 1 else { return files.map { ManifestReader.read(path: $0, today: today) } }
    let readings = Mutex([ManifestReading?](repeating: nil, count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let reading = ManifestReader.read(path: files[index], today: today)
      readings.withLock { $0[index] = reading }
    }
    return readings.withLock { $0 }.compactMap(\.self)
  }

  /// Nil when the folder cannot be listed.
  private static func manifests(in folder: String) -> [String]? {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return FileContents.names(in: folder)?
      .filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
      .map { prefix + $0 }
      .filter { !FileContents.isFolder($0) }
  }

  private static func emptyFolder(_ path: String, canBeListed: Bool) -> ManifestReading {
    var log = ProblemLog()
    log.report(
      .noManifests, at: YAMLMark(line: 1, column: 1),
      canBeListed ? "the folder holds no manifest" : "the folder cannot be listed",
      advice: canBeListed ? "put *.yaml files into it, or name another folder" : "allow this user to read it")
    return ManifestReading(file: path, manifest: nil, problems: log.sorted(file: path))
  }

  private static func refuseDuplicates(in readings: inout [ManifestReading]) {
    let byID = Dictionary(grouping: readings.indices) { readings[$0].declaredID?.text }
    for (id, indices) in byID {
      guard let id, indices.count > 1 else { continue }
      let files = indices.map { readings[$0].file }
      for index in indices {
        guard let mark = readings[index].declaredID?.mark else { continue }
        let others = files.filter { $0 != readings[index].file }
        let rest = others.count > 3 ? " and \(others.count - 3) more" : ""
        let names = others.prefix(3).joined(separator: ", ") + rest
        readings[index].add(
          ManifestProblem(
            file: readings[index].file, line: mark.line, column: mark.column, keyPath: "id", severity: .error,
            code: .duplicateID, message: "the id \"\(id)\" is taken by \(names) too",
            advice: "give each connector its own id", suggestion: nil))
      }
    }
  }
}
