internal import ConnectorModel

/// The fields that a resource takes, and the messages Mailchimp gives for values that do not fit.
///
/// What it does not list is dropped without a word, as the real API does.
struct ObjectSchema: Sendable {
  let fields: [String: Kind]
  let required: [String]

  indirect enum Kind: Sendable {
    case string
    case integer
    case number
    case boolean
    case choice([String])
    case time
    case array(of: Kind)
    case object(ObjectSchema)
    /// Any object, as merge fields and interests are.
    case anyObject
  }

  init(_ fields: [String: Kind], required: [String] = []) {
    self.fields = fields
    self.required = required
  }

  /// The known members of `value`.
  ///
  /// - Parameters:
  ///   - path: what stands before a field's name in `errors`, such as `settings`.
  ///   - isPartial: whether fields that are required may be missing, as in an update.
  func read(
    _ value: JSONValue, at path: String = "", isPartial: Bool = false,
    into problems: inout [MailchimpProblem.FieldProblem]
  ) -> [String: JSONValue] {
    guard let members = value.members else {
      problems.append(.init(field: path, message: Self.mismatch("object", value)))
      return [:]
    }
    let missing = required.filter { members[$0] == nil }
    if !missing.isEmpty, !isPartial {
      problems.append(
        .init(field: path, message: "Required fields were not provided: \(missing.joined(separator: ", "))"))
    }
    var known: [String: JSONValue] = [:]
    for (name, kind) in fields.sorted(by: { $0.key < $1.key }) {
      guard let member = members[name] else { continue }
      known[name] = Self.read(
        member, as: kind, at: path.isEmpty ? name : "\(path).\(name)", isPartial: isPartial, into: &problems)
    }
    return known
  }

  private static func read(
    _ value: JSONValue, as kind: Kind, at path: String, isPartial: Bool,
    into problems: inout [MailchimpProblem.FieldProblem]
  ) -> JSONValue {
    func check(_ name: String, _ fits: Bool) {
      if !fits { problems.append(.init(field: path, message: mismatch(name, value))) }
    }
    switch kind {
    case .string: check("string", value.text != nil)
    case .integer: check("integer", value.integer != nil)
    case .number: check("number", ["integer", "number"].contains(name(of: value)))
    case .boolean: check("boolean", value.bool != nil)
    case .choice(let choices):
      check("string", value.text != nil)
      if let text = value.text, !choices.contains(text) {
        problems.append(
          .init(field: path, message: "Value must be one of: \(choices.joined(separator: ", "))"))
      }
    case .time:
      check("string", value.text != nil)
      if let text = value.text, SandboxInstant(iso8601: text) == nil {
        problems.append(.init(field: path, message: "Please enter a valid ISO 8601 date and time."))
      }
    case .array(let element):
      guard let elements = value.elements else {
        check("array", false)
        return value
      }
      return .array(
        elements.enumerated().map { index, item in
          read(item, as: element, at: "\(path).item:\(index)", isPartial: isPartial, into: &problems)
        })
    case .object(let schema):
      return .object(schema.read(value, at: path, isPartial: isPartial, into: &problems))
    case .anyObject: check("object", value.members != nil)
    }
    return value
  }

  private static func mismatch(_ wanted: String, _ value: JSONValue) -> String {
    "Schema describes \(wanted), \(name(of: value)) found instead"
  }

  private static func name(of value: JSONValue) -> String {
    switch value {
    case .null: "NULL"
    case .bool: "boolean"
    case .integer: "integer"
    case .decimal: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
