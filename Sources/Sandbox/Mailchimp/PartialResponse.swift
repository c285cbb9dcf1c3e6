internal import ConnectorModel

/// The `fields` and `exclude_fields` parameters: comma lists of paths in dot notation.
///
/// Both at once is an error, and so is a path that the answer's shape does not have.
struct PartialResponse {
  private let included: [[String]]
  private let excluded: [[String]]

  init(query: [NamedText]) throws(MailchimpProblem) {
    func paths(_ name: String) -> [[String]] {
      let lists = query.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }
      return lists.map { $0.split(separator: ".").map { String($0).trimmed } }.filter { !$0.isEmpty }
    }
    included = paths("fields")
    excluded = paths("exclude_fields")
    guard included.isEmpty || excluded.isEmpty else {
      throw .badRequest("The fields and exclude_fields parameters are mutually exclusive.")
    }
  }

  /// - Parameter shape: an instance of the answer with every field it can have.
  func apply(to value: JSONValue, shape: JSONValue) throws(MailchimpProblem) -> JSONValue {
    for (name, paths) in [("fields", included), ("exclude_fields", excluded)] {
      let unknown = paths.filter { !Self.exists($0[...], in: shape) }.map { $0.joined(separator: ".") }
      guard unknown.isEmpty else {
        throw .invalidFields(unknown, in: name)
      }
    }
    if !included.isEmpty { return Self.selecting(included.map { $0[...] }, from: value) }
    return excluded.reduce(value) { Self.removing($1[...], from: $0) }
  }

  private static func exists(_ path: ArraySlice<String>, in shape: JSONValue) -> Bool {
    guard let first = path.first else { return true }
    switch shape {
    case .array(let elements): return elements.first.map { exists(path, in: $0) } ?? true
    // A null or an empty object stands for content that differs from account to account.
    case .null: return true
    case .object(let members):
      guard !members.isEmpty else { return true }
      return members[first].map { exists(path.dropFirst(), in: $0) } ?? false
    default: return false
    }
  }

  private static func selecting(_ paths: [ArraySlice<String>], from value: JSONValue) -> JSONValue {
    if paths.contains(where: \.isEmpty) { return value }
    switch value {
    case .array(let elements): return .array(elements.map { selecting(paths, from: $0) })
    case .object(let members):
      let kept = members.compactMap { name, member -> (String, JSONValue)? in
        let deeper = paths.filter { $0.first == name }.map { $0.dropFirst() }
        return deeper.isEmpty ? nil : (name, selecting(deeper, from: member))
      }
      return .object(Dictionary(uniqueKeysWithValues: kept))
    default: return value
    }
  }

  private static func removing(_ path: ArraySlice<String>, from value: JSONValue) -> JSONValue {
    guard let first = path.first else { return value }
    switch value {
    case .array(let elements): return .array(elements.map { removing(path, from: $0) })
    case .object(var members):
      let member = members.removeValue(forKey: first)
      if path.count > 1, let member { members[first] = removing(path.dropFirst(), from: member) }
      return .object(members)
    default: return value
    }
  }
}

extension String {
  /// Without spaces at both ends.
  var trimmed: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
