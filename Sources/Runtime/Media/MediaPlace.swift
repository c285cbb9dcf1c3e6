internal import ConnectorModel
internal import Manifest

/// One place of an input where the caller names media.
struct MediaPlace: Sendable, Equatable {
  /// What stands there.
  enum Name: Sendable, Equatable {
    case url(String)
    case upload(String)
    /// Neither; the input must not go on.
    case malformed
  }

  /// Leads to this place alone.
  let path: JSONPath
  let name: Name
  /// Those that the manifest has for it, in its order.
  let rules: [MediaRule]

  /// RFC 6901.
  var pointer: String {
    path.steps.map { step in
      switch step {
      case .member(let name): "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
      case .index(let index): "/\(index)"
      case .every: "/*"
      }
    }.joined()
  }

  /// Bytes that media here may have, by any of its rules; nil: no rule says.
  var limit: UInt64? {
    rules.allSatisfy { $0.size != nil } ? rules.compactMap(\.size).max().map { UInt64($0) } : nil
  }

  /// The places of an input, in the order of the manifest's paths and then of the document: the first has number 1.
  static func all(in input: JSONValue, by rules: [MediaRule]) -> [MediaPlace] {
    var paths: [JSONPath] = []
    for rule in rules where !paths.contains(rule.path) { paths.append(rule.path) }
    return paths.flatMap { path in
      find(path.steps[...], in: input, at: []).map { steps, value in
        MediaPlace(
          path: JSONPath(steps: steps), name: name(value), rules: rules.filter { $0.path == path })
      }
    }
  }

  private static func name(_ value: JSONValue) -> Name {
    guard case .object(let members) = value, members.count == 1 else { return .malformed }
    if case .string(let url)? = members["url"] { return .url(url) }
    if case .string(let id)? = members["upload"] { return .upload(id) }
    return .malformed
  }

  private static func find(
    _ rest: ArraySlice<JSONPath.Step>, in value: JSONValue, at steps: [JSONPath.Step]
  )
    -> [([JSONPath.Step], JSONValue)]
  {
    // What is left out, or null, is no media.
    if value == .null { return [] }
    guard let step = rest.first else { return [(steps, value)] }
    let inner = rest.dropFirst()
    switch (step, value) {
    case (.member(let name), .object(let members)):
      return members[name].map { find(inner, in: $0, at: steps + [step]) } ?? []
    case (.index(let index), .array(let elements)):
      return elements.indices.contains(index)
        ? find(inner, in: elements[index], at: steps + [step]) : []
    case (.every, .array(let elements)):
      return elements.enumerated().flatMap { find(inner, in: $1, at: steps + [.index($0)]) }
    case (.every, .object(let members)):
      return members.sorted { $0.key < $1.key }.flatMap {
        find(inner, in: $1, at: steps + [.member($0)])
      }
    default: return []
    }
  }
}
