internal import ConnectorModel

internal import struct FoundationEssentials.Decimal

extension JSONValue {
  var number: Decimal? {
    switch self {
    case .integer(let value): Decimal(value)
    case .decimal(let value): value
    default: nil
    }
  }

  func conforms(to type: JSONType) -> Bool {
    switch (type, self) {
    case (.null, .null), (.boolean, .bool), (.string, .string), (.array, .array), (.object, .object),
      (.integer, .integer), (.number, .integer), (.number, .decimal):
      true
    case (.integer, .decimal(let value)):
      value.isWhole
    default:
      false
    }
  }

  /// The same value with numbers in one spelling, so that `==` means what JSON Schema means by equal.
  var normalised: JSONValue {
    switch self {
    case .decimal(let value):
      value.isWhole ? Int64(value.description).map(JSONValue.integer) ?? self : self
    case .array(let elements): .array(elements.map(\.normalised))
    case .object(let members): .object(members.mapValues(\.normalised))
    default: self
    }
  }

  /// As JSON, for messages about what a schema allows.
  var schemaText: String {
    guard let bytes = try? StableJSON.encode(self) else { return "a value that has no JSON text" }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Decimal {
  /// Printed decimals have no trailing zeros, so a fraction shows as a point.
  fileprivate var isWhole: Bool { !description.contains(".") }
}
