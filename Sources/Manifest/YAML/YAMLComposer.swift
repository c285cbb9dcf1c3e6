/// Builds the tree from libyaml's events.
struct YAMLComposer: ~Copyable {
  private var events: YAMLEvents
  private let source: [UInt8]
  private(set) var log = ProblemLog()
  /// Nothing more can be read.
  private(set) var hasStopped = false
  private var count = 0

  /// Prepares to read; `isCut` means that the source goes on, so that an empty document proves nothing.
  init(events: consuming YAMLEvents, source: [UInt8], isCut: Bool) {
    log.ignoresAbsence = isCut
    self.events = events
    self.source = source
  }

  mutating func compose() -> YAMLNode? {
    var root: YAMLNode?
    while !hasStopped {
      let event = next()
      switch event.kind {
      case .streamEnd:
        if root == nil {
          log.report(
            .emptyDocument, at: YAMLMark(line: 1, column: 1), "the file holds no document",
            advice: "start it with `manifest: 1`")
        }
        return root
      case .documentStart(let declaresTags):
        if declaresTags { reportTag(at: event.mark, KeyTrail(), "a %TAG directive") }
        guard root == nil else {
          log.report(
            .multipleDocuments, at: event.mark, "a second document starts here",
            advice: "give each manifest its own file")
          return root
        }
        let first = next()
        if !hasStopped { root = node(first, KeyTrail(), depth: 1) }
      default: continue
      }
    }
    return root
  }

  private mutating func next() -> YAMLEvent {
    let event = events.next()
    if case .failure(let words) = event.kind {
      hasStopped = true
      reportSyntax(words, at: event.mark)
    }
    return event
  }

  private mutating func node(_ event: YAMLEvent, _ trail: KeyTrail, depth: Int) -> YAMLNode {
    count += 1
    reportExtras(of: event, trail)
    guard count <= YAMLDocument.maximumNodes else {
      return stop(
        .tooManyNodes, at: event.mark, trail, "the document has more than \(YAMLDocument.maximumNodes) nodes",
        advice: "no manifest needs that many; split it")
    }
    guard depth <= YAMLDocument.maximumDepth else {
      return stop(
        .tooDeep, at: event.mark, trail, "the document nests deeper than \(YAMLDocument.maximumDepth) levels",
        advice: "no manifest needs that; flatten it")
    }
    switch event.kind {
    case .scalar(let text, let isPlain):
      return YAMLNode(content: scalar(text, isPlain: isPlain, at: event.mark, trail), mark: event.mark)
    case .listStart: return YAMLNode(content: .list(list(trail, depth: depth)), mark: event.mark)
    case .mappingStart: return YAMLNode(content: .mapping(mapping(trail, depth: depth)), mark: event.mark)
    default: return YAMLNode(content: .broken, mark: event.mark)
    }
  }

  private mutating func list(_ trail: KeyTrail, depth: Int) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while true {
      let event = next()
      if hasStopped, let last = elements.indices.last { elements[last].spoilIfScalar() }
      if hasStopped || event.kind == .listEnd { return elements }
      elements.append(node(event, trail.index(elements.count), depth: depth + 1))
      if hasStopped { return elements }
    }
  }

  private mutating func mapping(_ trail: KeyTrail, depth: Int) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let keyEvent = next()
      if hasStopped, let last = entries.indices.last { entries[last].value.spoilIfScalar() }
      if hasStopped || keyEvent.kind == .mappingEnd { return entries }
      let key = key(keyEvent, trail, depth: depth)
      if hasStopped { return entries }
      let valueEvent = next()
      if hasStopped { return entries }
      let value = node(valueEvent, key.map(trail.key) ?? trail, depth: depth + 1)
      if let key {
        if let line = lines[key] {
          log.report(
            .duplicateKey, at: keyEvent.mark, trail.key(key),
            "the key \"\(key)\" stands here twice, first on line \(line)",
            advice: "keep one of them")
        } else {
          lines[key] = keyEvent.mark.line
          entries.append(.init(key: key, mark: keyEvent.mark, value: value))
        }
      }
      if hasStopped { return entries }
    }
  }

  private mutating func key(_ event: YAMLEvent, _ trail: KeyTrail, depth: Int) -> String? {
    if case .scalar(let text, _) = event.kind {
      reportExtras(of: event, trail)
      return text
    }
    log.report(
      .keyNotText, at: event.mark, trail, "a list, mapping or alias is used as a key",
      advice: "keys are plain words"
    )
    _ = node(event, trail, depth: depth + 1)
    return nil
  }

  private mutating func scalar(_ text: String, isPlain: Bool, at mark: YAMLMark, _ trail: KeyTrail)
    -> YAMLNode.Content
  {
    guard isPlain else { return .text(text) }
    switch YAMLCoreSchema.read(text) {
    case .text: return .text(text)
    case .value(let value): return .scalar(value, source: text)
    case .unusable:
      log.report(
        .numberUnusable, at: mark, trail, "\(text) is a number that JSON cannot hold",
        advice: "put it in quotes if it is meant as text")
      return .broken
    }
  }

  private mutating func stop(
    _ code: ProblemCode, at mark: YAMLMark, _ trail: KeyTrail, _ message: String, advice: String
  )
    -> YAMLNode
  {
    hasStopped = true
    log.report(code, at: mark, trail, message, advice: advice)
    return YAMLNode(content: .broken, mark: mark)
  }

  private mutating func reportExtras(of event: YAMLEvent, _ trail: KeyTrail) {
    if event.kind == .alias {
      log.report(
        .alias, at: event.mark, trail, "an alias refers to another place", advice: "write the value out")
    }
    if let anchor = event.anchor {
      log.report(
        .anchor, at: event.mark, trail, "the anchor &\(anchor) marks a value for repetition",
        advice: "remove it; manifests have no anchors")
    }
    if let tag = event.tag { reportTag(at: event.mark, trail, "the tag \(tag)") }
  }

  private mutating func reportTag(at mark: YAMLMark, _ trail: KeyTrail, _ what: String) {
    log.report(
      .tag, at: mark, trail, "\(what) asks for another type", advice: "remove it; manifests have no tags")
  }

  private mutating func reportSyntax(_ words: String, at mark: YAMLMark) {
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : []
    let indent = line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    if let tab = indent.firstIndex(of: UInt8(ascii: "\t")) {
      log.report(
        .tab, at: YAMLMark(line: mark.line, column: tab - line.startIndex + 1), "a tab indents this line",
        advice: "YAML is indented with spaces")
    } else {
      log.report(
        .syntax, at: mark, "this is not YAML: \(words)",
        advice: "check the indentation, quotes and brackets here and on the line before")
    }
  }
}

extension YAMLNode {
  /// The scalar right before a syntax error may have swallowed text that was meant otherwise, so it says nothing.
  fileprivate mutating func spoilIfScalar() {
    switch content {
    case .text, .scalar: content = .broken
    case .list, .mapping, .broken: break
    }
  }
}
