package import ConnectorModel

extension JSONPath {
  /// The values at this path, in the order of the document; members of an object in the order of their names.
  package func evaluate(in value: JSONValue) -> [JSONValue] {
    var found = [value]
    for step in steps {
      found = found.flatMap { value -> [JSONValue] in
        switch (step, value) {
        case (.member(let name), .object(let members)): members[name].map { [$0] } ?? []
        case (.index(let index), .array(let elements)):
          elements.indices.contains(index) ? [elements[index]] : []
        case (.every, .array(let elements)): elements
        case (.every, .object(let members)): members.sorted { $0.key < $1.key }.map(\.value)
        default: []
        }
      }
    }
    return found
  }

  /// Puts other values where this path leads.
  ///
  /// - Parameter replacement: gets the matched value and the object or list that holds it, both as they were
  ///   before; nil leaves the value. The holder of the whole document is `null`.
  package func replace(
    in value: inout JSONValue, with replacement: (_ matched: JSONValue, _ holder: JSONValue) -> JSONValue?
  ) {
    value = Self.replaced(value, steps[...], holder: .null, replacement)
  }

  private static func replaced(
    _ value: JSONValue, _ steps: ArraySlice<Step>, holder: JSONValue,
    _ replacement: (JSONValue, JSONValue) -> JSONValue?
  ) -> JSONValue {
    guard let step = steps.first else { return replacement(value, holder) ?? value }
    let rest = steps.dropFirst()
    switch (step, value) {
    case (.member(let name), .object(var members)):
      guard let member = members[name] else { return value }
      members[name] = replaced(member, rest, holder: value, replacement)
      return .object(members)
    case (.index(let index), .array(var elements)):
      guard elements.indices.contains(index) else { return value }
      elements[index] = replaced(elements[index], rest, holder: value, replacement)
      return .array(elements)
    case (.every, .array(let elements)):
      return .array(elements.map { replaced($0, rest, holder: value, replacement) })
    case (.every, .object(var members)):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        members[name] = replaced(member, rest, holder: value, replacement)
      }
      return .object(members)
    default: return value
    }
  }
}
