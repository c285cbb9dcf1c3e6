internal import ConnectorModel

/// Reads plain scalars by the core schema of YAML 1.2: `no`, `on` and `yes` are words.
enum YAMLCoreSchema {
  enum Reading: Equatable {
    case text
    case value(JSONValue)
    /// A number that JSON cannot hold.
    case unusable
  }

  static func read(_ plain: String) -> Reading {
    switch plain {
    case "", "~", "null", "Null", "NULL": return .value(.null)
    case "true", "True", "TRUE": return .value(.bool(true))
    case "false", "False", "FALSE": return .value(.bool(false))
    default: return number(plain)
    }
  }

  private static func number(_ plain: String) -> Reading {
    if plain.wholeMatch(of: #/0o[0-7]+/#) != nil { return integer(plain.dropFirst(2), radix: 8) }
    if plain.wholeMatch(of: #/0x[0-9a-fA-F]+/#) != nil { return integer(plain.dropFirst(2), radix: 16) }
    if plain.wholeMatch(of: #/[-+]?[0-9]+/#) != nil, let value = Int64(plain) {
      return .value(.integer(value))
    }
    if plain.wholeMatch(of: #/[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)/#) != nil { return .unusable }
    guard let match = plain.wholeMatch(of: #/([-+]?)([0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?/#),
      !match.2.isEmpty || (match.3?.count ?? 0) > 1
    else { return .text }
    // JSON wants a digit on both sides of the point, no plus sign and no leading zeros.
    let whole = match.2.drop { $0 == "0" }
    let fraction = match.3.map { $0.count > 1 ? String($0) : "" } ?? ""
    let text = (match.1 == "-" ? "-" : "") + (whole.isEmpty ? "0" : whole) + fraction + (match.4 ?? "")
    guard let value = try? StableJSON.decode(JSONValue.self, from: Array(text.utf8)), case let value = value
    else { return .unusable }
    return .value(value)
  }

  private static func integer(_ digits: Substring, radix: Int) -> Reading {
    Int64(digits, radix: radix).map { .value(.integer($0)) } ?? .unusable
  }
}
