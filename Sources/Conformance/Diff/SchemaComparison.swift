internal import ConnectorModel

/// Whether a schema allows less or more than the one before it, keyword by keyword.
///
/// Where two cannot be compared it says both: whoever changed them has to look.
struct SchemaComparison {
  enum Kind: String, Sendable {
    /// What was allowed is no more.
    case tightened
    /// What was not allowed is now.
    case loosened
    /// A member that nobody had to know; harmless on both sides.
    case extended
  }

  struct Change: Equatable {
    var kind: Kind
    /// A JSON pointer into the value.
    var place: String
    var what: String
  }

  private let old: JSONValue
  private let new: JSONValue
  private(set) var changes: [Change] = []

  private static let words: Set<String> = [
    "title", "description", "$schema", "$id", "$comment", "default", "examples", "deprecated", "readOnly",
    "writeOnly", "$defs",
  ]
  private static let lower = [
    "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains",
  ]
  private static let upper = [
    "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains",
  ]
  private static let maximumDepth = 24

  init(old: JSONValue, new: JSONValue) {
    self.old = old
    self.new = new
    compare(old, new, place: "", depth: 0)
  }

  func has(_ kind: Kind) -> Bool { changes.contains { $0.kind == kind } }

  private mutating func add(_ kind: Kind, _ place: String, _ what: String) {
    changes.append(Change(kind: kind, place: place.isEmpty ? "/" : place, what: what))
  }

  private mutating func compare(_ before: JSONValue, _ after: JSONValue, place: String, depth: Int) {
    let before = resolved(before, in: old)
    let after = resolved(after, in: new)
    guard before != after || depth == 0 else { return }
    guard depth < Self.maximumDepth else { return }
    if case .bool(let allowed) = after, before != after {
      return add(allowed ? .loosened : .tightened, place, "is \(allowed)")
    }
    if case .bool(let allowed) = before, before != after {
      return add(allowed ? .tightened : .loosened, place, "was \(allowed)")
    }
    let one = before.members ?? [:]
    let two = after.members ?? [:]
    compareTypes(one, two, place)
    compareValues(one, two, place)
    compareRequired(one, two, place)
    compareProperties(one, two, place, depth)
    for word in Self.lower + Self.upper { compareBound(word, one[word], two[word], place) }
    compareItems(one, two, place, depth)
    compareGroups(one, two, place)
    let known = Self.words.union(Self.lower).union(Self.upper).union([
      "type", "enum", "const", "required", "properties", "additionalProperties", "items", "anyOf", "oneOf",
      "allOf",
      "uniqueItems", "$ref",
    ])
    for word in Set(one.keys).union(two.keys).subtracting(known).sorted() where one[word] != two[word] {
      if one[word] == nil {
        add(.tightened, place, "has `\(word)` now")
      } else if two[word] == nil {
        add(.loosened, place, "has no `\(word)` any more")
      } else {
        add(.tightened, place, "has another `\(word)`")
        add(.loosened, place, "has another `\(word)`")
      }
    }
  }

  private func resolved(_ schema: JSONValue, in root: JSONValue) -> JSONValue {
    var schema = schema
    for _ in 0..<8 {
      guard let reference = schema["$ref"]?.text, reference.hasPrefix("#/") else { return schema }
      let target = reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
      guard let target else { return schema }
      schema = target
    }
    return schema
  }

  private mutating func compareTypes(_ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String)
  {
    func types(_ schema: [String: JSONValue]) -> Set<String>? {
      guard let type = schema["type"] else { return nil }
      var names = Set(type.text.map { [$0] } ?? (type.elements ?? []).compactMap(\.text))
      if names.contains("number") { names.insert("integer") }
      return names
    }
    switch (types(one), types(two)) {
    case (let before?, let after?):
      if !before.isSubset(of: after) {
        add(
          .tightened, place,
          "allows no \(before.subtracting(after).sorted().joined(separator: ", ")) any more")
      }
      if !after.isSubset(of: before) {
        add(.loosened, place, "allows \(after.subtracting(before).sorted().joined(separator: ", ")) too")
      }
    case (nil, .some): add(.tightened, place, "has a type now")
    case (.some, nil): add(.loosened, place, "has no type any more")
    case (nil, nil): break
    }
  }

  private mutating func compareValues(_ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String)
  {
    func values(_ schema: [String: JSONValue]) -> Set<JSONValue>? {
      schema["const"].map { [$0] } ?? schema["enum"]?.elements.map(Set.init)
    }
    switch (values(one), values(two)) {
    case (let before?, let after?):
      if !before.isSubset(of: after) { add(.tightened, place, "lacks values that it had") }
      if !after.isSubset(of: before) { add(.loosened, place, "has values that it had not") }
    case (nil, .some): add(.tightened, place, "is one of a list now")
    case (.some, nil): add(.loosened, place, "is not of a list any more")
    case (nil, nil): break
    }
  }

  private mutating func compareRequired(
    _ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String
  ) {
    let before = Set((one["required"]?.elements ?? []).compactMap(\.text))
    let after = Set((two["required"]?.elements ?? []).compactMap(\.text))
    for name in after.subtracting(before).sorted() { add(.tightened, "\(place)/\(name)", "is required now") }
    for name in before.subtracting(after).sorted() {
      add(.loosened, "\(place)/\(name)", "is not required any more")
    }
  }

  private mutating func compareProperties(
    _ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String, _ depth: Int
  ) {
    let before = one["properties"]?.members ?? [:]
    let after = two["properties"]?.members ?? [:]
    for name in Set(before.keys).union(after.keys).sorted() {
      switch (before[name], after[name]) {
      case (let was?, let isNow?): compare(was, isNow, place: "\(place)/\(name)", depth: depth + 1)
      case (nil, .some): add(.extended, "\(place)/\(name)", "is new")
      // Whoever sent it is refused, or not heard; whoever read it finds nothing.
      case (.some, nil):
        add(.tightened, "\(place)/\(name)", "is gone")
        add(.loosened, "\(place)/\(name)", "is gone")
      case (nil, nil): break
      }
    }
    let was = one["additionalProperties"] ?? true
    let isNow = two["additionalProperties"] ?? true
    if was != isNow { compare(was, isNow, place: "\(place)/*", depth: depth + 1) }
  }

  private mutating func compareBound(_ word: String, _ was: JSONValue?, _ isNow: JSONValue?, _ place: String)
  {
    guard was != isNow else { return }
    guard let was else { return add(.tightened, place, "has `\(word)` now") }
    guard let isNow else { return add(.loosened, place, "has no `\(word)` any more") }
    guard let before = was.integer, let after = isNow.integer else {
      add(.tightened, place, "has another `\(word)`")
      return add(.loosened, place, "has another `\(word)`")
    }
    let isTighter = Self.lower.contains(word) ? after > before : after < before
    add(isTighter ? .tightened : .loosened, place, "`\(word)` is \(after), not \(before)")
  }

  private mutating func compareItems(
    _ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String, _ depth: Int
  ) {
    if (one["items"] ?? true) != (two["items"] ?? true) {
      compare(one["items"] ?? true, two["items"] ?? true, place: "\(place)/-", depth: depth + 1)
    }
    let (was, isNow) = (one["uniqueItems"] == true, two["uniqueItems"] == true)
    if was != isNow { add(isNow ? .tightened : .loosened, place, "`uniqueItems` is \(isNow)") }
  }

  private mutating func compareGroups(_ one: [String: JSONValue], _ two: [String: JSONValue], _ place: String)
  {
    for word in ["anyOf", "oneOf", "allOf"] where one[word] != two[word] {
      let before = one[word].map { Set($0.elements ?? []) }
      let after = two[word].map { Set($0.elements ?? []) }
      // Of alternatives more allow more, of conditions more allow less; none of either allows everything.
      let hasGone = before.map { !$0.isSubset(of: after ?? []) } ?? false
      let hasCome = after.map { !$0.isSubset(of: before ?? []) } ?? false
      let isCondition = word == "allOf"
      if after == nil {
        add(.loosened, place, "has no `\(word)` any more")
      } else if before == nil {
        add(.tightened, place, "has `\(word)` now")
      } else {
        if isCondition ? hasCome : hasGone { add(.tightened, place, "`\(word)` allows less") }
        if isCondition ? hasGone : hasCome { add(.loosened, place, "`\(word)` allows more") }
      }
    }
  }
}
