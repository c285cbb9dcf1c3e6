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

  // By hand: an expression of the standard library is compiled anew each time that it is reached, and every plain
  // word of a manifest comes by here.
  private static func number(_ plain: String) -> Reading {
    guard let first = plain.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return .text }
    if plain.hasPrefix("0o"), let value = integer(plain.dropFirst(2), radix: 8) { return value }
    if plain.hasPrefix("0x"), let value = integer(plain.dropFirst(2), radix: 16) { return value }
    if notNumbers.contains(plain) { return .unusable }
    var rest = plain.utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if "+-".utf8.contains(first) { rest.removeFirst() }
    let whole = take(of: &rest, while: isDigit)
    if rest.isEmpty, !whole.isEmpty, let value = Int64(plain) { return .value(.integer(value)) }
    var decimals: Substring = ""
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      decimals = take(of: &rest, while: isDigit)
    }
    guard !whole.isEmpty || !decimals.isEmpty, let exponent = exponent(rest) else { return .text }
    // JSON wants a digit on both sides of the point, no plus sign and no leading zeros.
    let integral = whole.drop { $0 == "0" }
    let text =
      (isNegative ? "-" : "") + (integral.isEmpty ? "0" : integral)
      + (decimals.isEmpty ? "" : "." + decimals) + exponent
    guard let value = try? StableJSON.decode(JSONValue.self, from: Array(text.utf8)) else { return .unusable }
    return .value(value)
  }

  private static let notNumbers: Set<String> = Set(
    ["inf", "Inf", "INF"].flatMap { [".\($0)", "-.\($0)", "+.\($0)"] } + [".nan", ".NaN", ".NAN"])

  /// All of `rest` when it is an exponent or empty, else nil.
  private static func exponent(_ rest: Substring.UTF8View) -> String? {
    guard let first = rest.first else { return "" }
    guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return nil }
    var digits = rest.dropFirst()
    if let sign = digits.first, "+-".utf8.contains(sign) { digits.removeFirst() }
    return !digits.isEmpty && digits.allSatisfy(isDigit) ? String(Substring(rest)) : nil
  }

  private static func take(
    of rest: inout Substring.UTF8View, while isWanted: (UInt8) -> Bool
  ) -> Substring {
    let taken = rest.prefix(while: isWanted)
    rest = rest[taken.endIndex...]
    return Substring(taken)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Nil when these are not digits of that kind.
  private static func integer(_ digits: Substring, radix: Int) -> Reading? {
    let isSound = digits.utf8.allSatisfy { byte in
      isDigit(byte) ? byte < 0x38 || radix == 16 : radix == 16 && Character(Unicode.Scalar(byte)).isHexDigit
    }
    guard isSound, !digits.isEmpty else { return nil }
    return Int64(digits, radix: radix).map { .value(.integer($0)) } ?? .unusable
  }
}
