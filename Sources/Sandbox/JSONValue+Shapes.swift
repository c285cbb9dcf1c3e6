internal import ConnectorModel

internal import struct FoundationEssentials.Decimal

extension JSONValue {
  static func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }

  /// `part` of `whole` as a fraction with four digits; 0 of nothing.
  static func ratio(_ part: Int, of whole: Int) -> JSONValue {
    guard whole > 0 else { return 0 }
    return .decimal(Decimal(sign: .plus, exponent: -4, significand: Decimal(part * 10_000 / whole)))
  }

  /// The members of an object, or nil.
  var members: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  var integer: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The object with `members` added or replaced; anything else unchanged.
  func merging(_ members: [String: JSONValue]) -> JSONValue {
    guard case .object(let old) = self else { return self }
    return .object(old.merging(members) { _, new in new })
  }
}
