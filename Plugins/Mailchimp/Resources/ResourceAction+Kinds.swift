extension ResourceAction {
  static func list(
    _ name: String, _ path: ResourcePath, _ fields: [Field], as items: String, wire: String? = nil,
    query: [Field] = []
  ) -> Self {
    Self(
      name: name, method: "GET", path: path, query: query,
      result: .page(fields, wire: wire ?? items, name: items))
  }

  static func read(_ name: String, _ path: ResourcePath, _ fields: [Field]) -> Self {
    Self(name: name, method: "GET", path: path, result: .item(fields))
  }

  static func create(
    _ name: String, _ path: ResourcePath, _ body: [Field], _ fields: [Field], existing: Existing? = nil
  ) -> Self {
    Self(name: name, method: "POST", path: path, body: body, result: .item(fields), existing: existing)
  }

  /// Changes what the input names and leaves the rest.
  static func update(_ name: String, _ path: ResourcePath, _ body: [Field], _ fields: [Field]) -> Self {
    Self(name: name, method: "PATCH", path: path, body: body, result: .item(fields))
  }

  static func delete(_ name: String, _ path: ResourcePath) -> Self {
    Self(name: name, method: "DELETE", path: path, result: .absence)
  }

  /// Has something done that is answered with nothing.
  static func order(_ name: String, _ path: ResourcePath, _ body: [Field]) -> Self {
    Self(name: name, method: "POST", path: path, body: body, result: .nothing)
  }
}
