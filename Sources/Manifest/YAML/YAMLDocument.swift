/// One YAML document as a tree, with everything that stands in its way reported.
struct YAMLDocument {
  static let maximumDepth = 32
  static let maximumNodes = 20_000

  /// Nil when there is no document, or nothing of it could be read.
  var root: YAMLNode?
  /// True when reading stopped before the end, so that something missing proves nothing.
  var isPartial: Bool

  /// Reads the bytes of a file.
  ///
  /// Faults that leave the structure readable (anchors, tags, duplicate keys) are reported and reading goes on;
  /// a syntax error ends the document, and what stands before it is kept.
  init(reading source: [UInt8], log: inout ProblemLog) {
    root = nil
    isPartial = true
    let text = SourceText(source, log: &log)
    guard let bytes = text.bytes else { return }
    guard let events = YAMLEvents(bytes) else {
      log.report(
        .fileUnreadable, at: YAMLMark(line: 1, column: 1), "memory is too short to read the file",
        advice: "free some and try again")
      return
    }
    var composer = YAMLComposer(events: events, source: bytes, isCut: text.isCut)
    root = composer.compose()
    isPartial = composer.hasStopped || text.isCut
    log.add(composer.log)
  }
}
