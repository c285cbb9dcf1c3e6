package import ConnectorModel

/// One node of a YAML document and where it stands.
package struct YAMLNode: Sendable, Equatable {
  package indirect enum Content: Sendable, Equatable {
    /// Text that was quoted, or plain text that is nothing else.
    case text(String)
    /// `null`, `true`, `false` or a number; `source` is how it was written.
    case scalar(JSONValue, source: String)
    case list([YAMLNode])
    case mapping([Entry])
    /// Something that was reported already and says nothing more.
    case broken
  }

  /// A key and its value, in the order of the file.
  package struct Entry: Sendable, Equatable {
    package var key: String
    package var mark: YAMLMark
    package var value: YAMLNode
  }

  package var content: Content
  package var mark: YAMLMark

  /// The value under `key`, nil when this is no mapping or has no such key.
  package subscript(_ key: String) -> YAMLNode? {
    entries.first { $0.key == key }?.value
  }

  /// Empty when this is no mapping.
  package var entries: [Entry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  /// Empty when this is no list.
  package var elements: [YAMLNode] {
    guard case .list(let elements) = content else { return [] }
    return elements
  }

  package var text: String? {
    guard case .text(let text) = content else { return nil }
    return text
  }

  package var isNull: Bool {
    guard case .scalar(.null, _) = content else { return false }
    return true
  }

  /// The node without its places.
  package var json: JSONValue {
    switch content {
    case .text(let text): .string(text)
    case .scalar(let value, _): value
    case .list(let elements): .array(elements.map(\.json))
    case .mapping(let entries):
      .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { first, _ in first })
    case .broken: .null
    }
  }
}
