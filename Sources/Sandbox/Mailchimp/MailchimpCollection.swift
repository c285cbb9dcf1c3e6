internal import ConnectorModel

extension MailchimpCall {
  /// One page of a collection, as every collection of the API looks: `<name>[]`, `total_items`, `_links`.
  ///
  /// - Parameters:
  ///   - items: all of them, in order.
  ///   - example: an item with every field that one can have, for `fields`.
  ///   - path: where the collection is, under `/3.0`; what stands before its last segment is its parent.
  ///   - extra: what this collection carries besides.
  func collection(
    _ name: String, _ items: [JSONValue], like example: JSONValue, at path: String, schema: String,
    extra: [String: JSONValue] = [:]
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    let page = try page(of: items)
    func body(_ items: [JSONValue], total: Int) -> JSONValue {
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      let members: [String: JSONValue] = [
        name: .array(items), "total_items": .number(total),
        "_links": [relation("self", path, schema: schema), relation("parent", "/" + parent)],
      ]
      return .object(members.merging(extra) { _, new in new })
    }
    return .body(body(Array(page), total: items.count), shape: body([example], total: 0), schema: schema)
  }

  /// What stands in a path for a number.
  func number(_ parameter: String) throws(MailchimpProblem) -> Int {
    guard let number = Int(self.parameter(parameter)) else { throw .notFound }
    return number
  }

  /// The links that every item of a collection has.
  func itemLinks(_ path: String, schema: String) -> JSONValue {
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    return [
      relation("self", path, schema: schema), relation("parent", "/" + parent, schema: schema),
      relation("update", path, method: "PATCH", schema: schema), relation("delete", path, method: "DELETE"),
    ]
  }
}

extension [String: JSONValue] {
  /// The fields with `changes` applied; an object takes its new members and keeps the others.
  func changed(by changes: [String: JSONValue]) -> [String: JSONValue] {
    merging(changes) { old, new in new.members.map { old.merging($0) } ?? new }
  }
}
