internal import ConnectorModel

internal import struct FoundationEssentials.Decimal

/// The JSON types of the `type` keyword.
enum JSONType: String, Sendable, CaseIterable {
  case null, boolean, integer, number, string, array, object
}

/// One schema or subschema, its children being positions in the schema's list of nodes.
struct SchemaNode: Sendable, Equatable {
  struct PatternProperty: Sendable, Equatable {
    var pattern: String
    var node: Int
  }

  /// Set for the schemas `true` and `false`.
  var verdict: Bool?
  var reference: Int?
  var types: [JSONType]?
  var enumeration: [JSONValue]?
  var constant: JSONValue?

  var properties: [String: Int] = [:]
  var patternProperties: [PatternProperty] = []
  var additionalProperties: Int?
  var required: [String] = []
  var minimumProperties: Int?
  var maximumProperties: Int?

  var prefixItems: [Int] = []
  var items: Int?
  var minimumItems: Int?
  var maximumItems: Int?
  var uniqueItems = false

  var minimum: Decimal?
  var maximum: Decimal?
  var exclusiveMinimum: Decimal?
  var exclusiveMaximum: Decimal?

  var minimumLength: Int?
  var maximumLength: Int?
  var pattern: String?
  var format: StringFormat?

  var allOf: [Int] = []
  var anyOf: [Int] = []
  var oneOf: [Int] = []
  var not: Int?

  /// Subschemas that judge the same value as this one.
  var inPlace: [Int] {
    allOf + anyOf + oneOf + (not.map { [$0] } ?? []) + (reference.map { [$0] } ?? [])
  }
}
