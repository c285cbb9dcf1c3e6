internal import ConnectorModel

/// Holds a document against the grammar: keys, kinds of values and single values.
struct ShapeChecker {
  var log: ProblemLog
  /// Keys under one parent that wait for the same feature make one note.
  private var notes: [Note] = []

  private struct Note {
    var feature: String
    var parent: KeyTrail
    var mark: YAMLMark
    var trail: KeyTrail
    var keys: [String]
  }

  init(log: ProblemLog) { self.log = log }

  static func check(_ root: YAMLNode, log: ProblemLog) -> ProblemLog {
    var checker = ShapeChecker(log: log)
    checker.check(root, ManifestGrammar.root, KeyTrail(), place: [])
    checker.reportNotes()
    return checker.log
  }

  private mutating func check(_ node: YAMLNode, _ shape: Shape, _ trail: KeyTrail, place: [String]) {
    if node.content == .broken { return }
    switch shape {
    case .anything: return
    case .nullable(let inner): if !node.isNull { check(node, inner, trail, place: place) }
    case .text(let form): checkText(node, form, trail)
    case .word(let words): checkWord(node, words, trail)
    case .integer(let range): checkInteger(node, range, trail)
    case .boolean:
      if case .scalar(.bool, _) = node.content { return }
      reportType(node, "true or false", trail)
    case .size: checkSize(node, trail)
    case .list(let element, let atLeast): checkList(node, element, atLeast, trail, place)
    case .map(let form, let value): checkMap(node, form, value, trail, place)
    case .object(let members): checkObject(node, members, trail, place)
    case .choice(let members): checkChoice(node, members, trail, place)
    case .tagged(let key, let variants): checkTagged(node, key, variants, trail, place)
    case .having(let key, let with, let without):
      check(node, node[key] == nil ? without : with, trail, place: place)
    case .forms(let scalar, let list, let mapping):
      checkForms(node, scalar: scalar, list: list, mapping: mapping, trail, place)
    }
  }

  private mutating func checkForms(
    _ node: YAMLNode, scalar: Shape?, list: Shape?, mapping: Shape?, _ trail: KeyTrail, _ place: [String]
  ) {
    let form: Shape? =
      switch node.content {
      case .text, .scalar: scalar
      case .list: list
      case .mapping: mapping
      case .broken: nil
      }
    if let form, !node.isNull {
      check(node, form, trail, place: place)
    } else {
      let kinds = [(scalar, "one value"), (list, "a list"), (mapping, "a mapping")]
      reportType(node, kinds.filter { $0.0 != nil }.map(\.1).joined(separator: " or "), trail)
    }
  }

  private mutating func checkList(
    _ node: YAMLNode, _ element: Shape, _ atLeast: Int, _ trail: KeyTrail, _ place: [String]
  ) {
    guard case .list(let elements) = node.content else { return reportType(node, "a list", trail) }
    if elements.count < atLeast {
      log.report(
        .invalidValue, at: node.mark, trail, "the list is empty",
        advice: "give it an element or remove the key")
    }
    var seen: Set<String> = []
    for (index, inner) in elements.enumerated() {
      check(inner, element, trail.index(index), place: place + ["*"])
      if let text = inner.text, !seen.insert(text).inserted {
        log.report(
          .repeatedElement, at: inner.mark, trail.index(index), "\"\(text)\" stands in the list already",
          advice: "remove it")
      }
    }
  }

  private mutating func checkMap(
    _ node: YAMLNode, _ form: TextForm, _ value: Shape, _ trail: KeyTrail, _ place: [String]
  ) {
    guard case .mapping(let entries) = node.content else { return reportType(node, "a mapping", trail) }
    for entry in entries {
      let inner = trail.key(entry.key)
      if let fault = form.fault(in: entry.key) {
        let suggestion =
          form == .platformTuple ? NearestWord.nearest(to: entry.key, among: Self.platforms) : nil
        log.report(
          .invalidName, at: entry.mark, inner,
          "\"\(entry.key.prefix(80))\" is not \(form.noun)" + (fault.isEmpty ? "" : ": \(fault)"),
          advice: form.advice, suggestion: suggestion)
      }
      check(entry.value, value, inner, place: place + ["*"])
    }
  }

  private static let platforms = ["linux-x86_64", "linux-aarch64", "macos-x86_64", "macos-aarch64"]

  private mutating func checkObject(
    _ node: YAMLNode, _ members: [Shape.Member], _ trail: KeyTrail, _ place: [String]
  ) {
    guard case .mapping(let entries) = node.content else { return reportType(node, "a mapping", trail) }
    for entry in entries where !entry.key.hasPrefix("x-") {
      let inner = trail.key(entry.key)
      guard let member = members.first(where: { $0.name == entry.key }) else {
        reportUnknown(entry, among: members, inner)
        continue
      }
      noteIfPending(entry, parent: trail, inner, place: place + [entry.key])
      check(entry.value, member.shape, inner, place: place + [entry.key])
    }
    for member in members where member.isRequired && node[member.name] == nil {
      log.report(
        .missingKey, at: node.mark, trail.key(member.name), "the key is missing",
        advice: "add \(member.name): \(member.summary)")
    }
  }

  private mutating func checkChoice(
    _ node: YAMLNode, _ members: [Shape.Member], _ trail: KeyTrail, _ place: [String]
  ) {
    checkObject(node, members, trail, place)
    let names = members.map(\.name)
    let chosen = node.entries.filter { names.contains($0.key) }
    if chosen.count > 1 {
      log.report(
        .conflictingKeys, at: chosen[1].mark, trail.key(chosen[1].key),
        "stands beside \"\(chosen[0].key)\"; only one of them can hold", advice: "keep one")
    } else if chosen.isEmpty, case .mapping = node.content {
      log.report(
        .missingKey, at: node.mark, trail, "none of the keys that say how is there",
        advice: "write one of \(names.joined(separator: ", "))")
    }
  }

  private mutating func checkTagged(
    _ node: YAMLNode, _ key: String, _ variants: [Shape.Variant], _ trail: KeyTrail, _ place: [String]
  ) {
    guard case .mapping = node.content else { return reportType(node, "a mapping", trail) }
    let words = variants.map(\.word)
    let tag = Shape.Member.needs(key, .word(words), "one of \(words.joined(separator: ", ")).")
    let variant = variants.first { $0.word == node[key]?.text }
    // With an unknown word, every key that any variant has is let pass: one problem is enough.
    let members = variant?.members ?? variants.flatMap(\.members).map { .may($0.name, .anything, $0.summary) }
    checkObject(node, [tag] + members, trail, place)
  }

  private mutating func reportUnknown(
    _ entry: YAMLNode.Entry, among members: [Shape.Member], _ trail: KeyTrail
  ) {
    let names = members.map(\.name)
    let free = names.isEmpty ? "nothing may stand here" : "known here: \(names.joined(separator: ", "))"
    log.report(
      .unknownKey, at: entry.mark, trail, "unknown key",
      advice: "\(free); for notes of your own start it with x-",
      suggestion: NearestWord.nearest(to: entry.key, among: names))
  }

  private mutating func noteIfPending(
    _ entry: YAMLNode.Entry, parent: KeyTrail, _ trail: KeyTrail, place: [String]
  ) {
    guard !entry.value.saysNothing, let feature = Enforcement.feature(pendingAt: place) else { return }
    // What lies inside something pending is told with it.
    guard
      !place.indices.dropFirst().contains(where: {
        Enforcement.feature(pendingAt: Array(place[..<$0])) != nil
      })
    else { return }
    if let index = notes.firstIndex(where: { $0.parent == parent && $0.feature == feature }) {
      notes[index].keys.append(entry.key)
    } else {
      notes.append(Note(feature: feature, parent: parent, mark: entry.mark, trail: trail, keys: [entry.key]))
    }
  }

  private mutating func reportNotes() {
    for note in notes {
      let others = note.keys.dropFirst()
      let with = others.isEmpty ? "" : " (with \(others.joined(separator: ", ")))"
      log.report(
        .notYetEnforced, at: note.mark, note.trail,
        "understood\(with), but \(note.feature) is not enforced yet",
        advice: "nothing to do")
    }
  }
}

extension YAMLNode {
  /// Null, an empty list or an empty mapping: there is nothing to enforce.
  var saysNothing: Bool {
    switch content {
    case .list(let elements): elements.isEmpty
    case .mapping(let entries): entries.isEmpty
    default: isNull
    }
  }
}
