internal import ConnectorModel
internal import Ports

/// Takes the members of a request's body one by one; what is left over is a mistake.
struct BodyMembers {
  private var rest: [String: JSONValue]

  init(_ body: JSONValue) throws(Problem) {
    guard case .object(let members) = body else {
      throw Problem(.invalidInput, "The body must be a JSON object.", pointer: "")
    }
    rest = members
  }

  mutating func text(_ name: String, _ form: TextForm) throws(Problem) -> String {
    guard let text = try optionalText(name, form) else { throw Self.missing(name) }
    return text
  }

  mutating func optionalText(_ name: String, _ form: TextForm) throws(Problem) -> String? {
    guard let value = rest.removeValue(forKey: name) else { return nil }
    guard case .string(let text) = value, form.accepts(text) else {
      throw Problem(.invalidInput, "The member \(name) must be \(form.words).", pointer: "/\(name)")
    }
    return text
  }

  mutating func object(_ name: String) throws(Problem) -> JSONValue {
    guard let value = rest.removeValue(forKey: name) else { throw Self.missing(name) }
    guard case .object = value else {
      throw Problem(.invalidInput, "The member \(name) must be a JSON object.", pointer: "/\(name)")
    }
    return value
  }

  mutating func optionalInstant(_ name: String) throws(Problem) -> UInt64? {
    guard let value = rest.removeValue(forKey: name) else { return nil }
    guard case .string(let text) = value, let instant = Timestamp.nanoseconds(text) else {
      throw Problem(
        .invalidInput,
        "The member \(name) must be a time after 1970 in RFC 3339, for instance 2030-01-31T09:15:00Z.",
        pointer: "/\(name)")
    }
    return instant
  }

  /// Call last.
  func end() throws(Problem) {
    guard let name = rest.keys.min() else { return }
    let isShort = name.utf8.count <= 128
    throw Problem(
      .invalidInput, "The body has a member that is not known here; see /openapi.json.",
      pointer: isShort ? "/" + name.replacing("~", with: "~0").replacing("/", with: "~1") : "")
  }

  private static func missing(_ name: String) -> Problem {
    Problem(.invalidInput, "The member \(name) is missing.", pointer: "/\(name)")
  }
}
