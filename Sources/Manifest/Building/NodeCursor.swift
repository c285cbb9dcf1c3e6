internal import ConnectorModel

/// A node and the way to it, asked for values that the checks have promised.
struct NodeCursor {
  typealias Gap = ManifestBuilder.Gap

  let node: YAMLNode
  let trail: KeyTrail

  init(_ node: YAMLNode, _ trail: KeyTrail = KeyTrail()) {
    self.node = node
    self.trail = trail
  }

  func gap(_ key: String? = nil) -> Gap { Gap(mark: node.mark, trail: key.map(trail.key) ?? trail) }

  /// The value under `key`, nil when it is absent or null.
  func optional(_ key: String) -> NodeCursor? {
    guard let inner = node[key], !inner.isNull else { return nil }
    return NodeCursor(inner, trail.key(key))
  }

  func at(_ key: String) throws(Gap) -> NodeCursor {
    guard let inner = optional(key) else { throw gap(key) }
    return inner
  }

  func asText() throws(Gap) -> String {
    guard let text = node.text else { throw gap() }
    return text
  }

  func asInteger() throws(Gap) -> Int {
    guard case .scalar(.integer(let number), _) = node.content else { throw gap() }
    return Int(number)
  }

  func asPath() throws(Gap) -> JSONPath {
    guard let path = try? JSONPath(parsing: asText()) else { throw gap() }
    return path
  }

  func text(_ key: String) throws(Gap) -> String { try at(key).asText() }
  func optionalText(_ key: String) throws(Gap) -> String? { try optional(key)?.asText() }
  func integer(_ key: String) throws(Gap) -> Int { try at(key).asInteger() }
  func optionalInteger(_ key: String) throws(Gap) -> Int? { try optional(key)?.asInteger() }
  func path(_ key: String) throws(Gap) -> JSONPath { try at(key).asPath() }
  func optionalPath(_ key: String) throws(Gap) -> JSONPath? { try optional(key)?.asPath() }

  func flag(_ key: String) throws(Gap) -> Bool? {
    guard let inner = optional(key) else { return nil }
    guard case .scalar(.bool(let flag), _) = inner.node.content else { throw inner.gap() }
    return flag
  }

  func duration(_ key: String) throws(Gap) -> Duration? {
    guard let inner = optional(key) else { return nil }
    guard let duration = Duration(manifest: try inner.asText()) else { throw inner.gap() }
    return duration
  }

  func size(_ key: String) throws(Gap) -> Int? {
    guard let inner = optional(key) else { return nil }
    guard let text = inner.node.text else { return try inner.asInteger() }
    guard let bytes = ByteCount.parse(text) else { throw inner.gap() }
    return bytes
  }

  func word<Word: RawRepresentable>(_ key: String) throws(Gap) -> Word? where Word.RawValue == String {
    guard let inner = optional(key) else { return nil }
    guard let word = Word(rawValue: try inner.asText()) else { throw inner.gap() }
    return word
  }

  /// The elements under `key`, none when it is absent.
  func list(_ key: String) -> [NodeCursor] {
    guard let inner = optional(key) else { return [] }
    return inner.node.elements.enumerated().map { NodeCursor($1, inner.trail.index($0)) }
  }

  func texts(_ key: String) throws(Gap) -> [String] {
    try list(key).mapGap { element throws(Gap) in try element.asText() }
  }

  /// The members of this mapping by name.
  func members<Value>(_ make: (NodeCursor) throws(Gap) -> Value) throws(Gap) -> [String: Value] {
    var result: [String: Value] = [:]
    for entry in node.entries { result[entry.key] = try make(NodeCursor(entry.value, trail.key(entry.key))) }
    return result
  }

  /// The members of the mapping under `key`, none when it is absent.
  func map<Value>(_ key: String, _ make: (NodeCursor) throws(Gap) -> Value) throws(Gap) -> [String: Value] {
    try optional(key)?.members(make) ?? [:]
  }

  /// Names and texts in the order of the file.
  func pairs() throws(Gap) -> [(String, String)] {
    var result: [(String, String)] = []
    for entry in node.entries {
      result.append((entry.key, try NodeCursor(entry.value, trail.key(entry.key)).asText()))
    }
    return result
  }
}

extension [NodeCursor] {
  func mapGap<Value>(_ make: (NodeCursor) throws(NodeCursor.Gap) -> Value) throws(NodeCursor.Gap) -> [Value] {
    try flatMapGap { cursor throws(NodeCursor.Gap) in [try make(cursor)] }
  }

  func flatMapGap<Value>(_ make: (NodeCursor) throws(NodeCursor.Gap) -> [Value]) throws(NodeCursor.Gap)
    -> [Value]
  {
    var result: [Value] = []
    for cursor in self { result += try make(cursor) }
    return result
  }
}
