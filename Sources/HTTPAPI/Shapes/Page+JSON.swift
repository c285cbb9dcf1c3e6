internal import ConnectorModel
internal import Ports

extension Page {
  func json(_ element: (Element) -> JSONValue) -> JSONValue {
    ["items": .array(elements.map(element)), "next": JSONValue(next)]
  }
}

extension Schema {
  /// A part of a list.
  static func page(of element: Schema) -> Schema {
    .object([
      ("items", .list(of: element)),
      ("next", text.orNull.described("Pass it as `after` to go on; null at the end.")),
    ])
  }
}
