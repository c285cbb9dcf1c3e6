internal import ConnectorModel

/// A JSON Schema (2020-12) as the API's description shows it, with the named ones that it refers to.
struct Schema: Sendable, Equatable {
  var json: JSONValue
  /// By the names that `$ref` uses.
  var components: [String: JSONValue] = [:]

  static let anything = Schema(json: [:])
  static let text = Schema(json: ["type": "string"])
  static let boolean = Schema(json: ["type": "boolean"])
  static let anyObject = Schema(json: ["type": "object"])
  /// RFC 3339.
  static let instant = Schema(json: ["type": "string", "format": "date-time"])
  static let number = Schema(json: ["type": "number", "minimum": 0])

  static func integer(minimum: Int64 = 0) -> Schema {
    Schema(json: ["type": "integer", "minimum": .integer(minimum)])
  }

  static func integer(in range: ClosedRange<Int>) -> Schema {
    Schema(json: [
      "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
      "maximum": .integer(Int64(range.upperBound)),
    ])
  }

  static func choice(of words: [String]) -> Schema {
    Schema(json: ["type": "string", "enum": .array(words.map { .string($0) })])
  }

  static func list(of element: Schema) -> Schema {
    Schema(json: ["type": "array", "items": element.json], components: element.components)
  }

  static func map(to value: Schema) -> Schema {
    Schema(json: ["type": "object", "additionalProperties": value.json], components: value.components)
  }

  /// An object that has all of these members.
  static func object(_ members: [(String, Schema)]) -> Schema {
    var schema = Schema(json: ["type": "object", "required": .array(members.map { .string($0.0) })])
    for (name, member) in members { schema.put(name, member) }
    return schema
  }

  func with(optional name: String, _ member: Schema) -> Schema {
    var schema = self
    schema.put(name, member)
    return schema
  }

  /// Refuses members that it does not name.
  var closed: Schema { setting("additionalProperties", false) }

  func described(_ words: String) -> Schema { setting("description", .string(words)) }

  func defaulting(to value: JSONValue) -> Schema { setting("default", value) }

  var orNull: Schema {
    if json["enum"] == nil, json["$ref"] == nil, let type = json["type"] {
      return setting("type", [type, "null"])
    }
    return Schema(json: ["anyOf": [json, ["type": "null"]]], components: components)
  }

  /// Stands once under this name, and here as a reference to it.
  func named(_ name: String) -> Schema {
    Schema(
      json: ["$ref": .string("#/components/schemas/\(name)")],
      components: components.merging([name: json]) { _, new in new })
  }

  private func setting(_ keyword: String, _ value: JSONValue) -> Schema {
    guard case .object(var members) = json else { return self }
    members[keyword] = value
    return Schema(json: .object(members), components: components)
  }

  private mutating func put(_ name: String, _ member: Schema) {
    guard case .object(var members) = json else { return }
    var properties: [String: JSONValue] = [:]
    if case .object(let present) = members["properties"] { properties = present }
    properties[name] = member.json
    members["properties"] = .object(properties)
    json = .object(members)
    components.merge(member.components) { _, new in new }
  }
}
