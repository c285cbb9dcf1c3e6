internal import struct FoundationEssentials.Data
internal import struct FoundationEssentials.Decimal
internal import class FoundationEssentials.JSONDecoder

extension StableJSON {
  /// Reads one JSON value in UTF-8, in time proportional to its length.
  ///
  /// Refuses nesting deeper than 512 and objects that name a member twice, since readers differ in which they keep.
  ///
  /// - Throws: `DecodingError.dataCorrupted` with the offset, without any of the text.
  public static func decode(_ type: JSONValue.Type, from bytes: [UInt8]) throws -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    return try reader.document()
  }
}

/// Builds JSON values from text.
///
/// `JSONDecoder` is no way to read what others wrote: it asks of each value which kind it is by failing, and each
/// failure copies the path down to it, so that 8 MiB of nested lists keep a processor busy for hours.
struct JSONReader {
  private static let maximumDepth = 512

  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
  }

  mutating func document() throws -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw fault("more text follows the value") }
    return value
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    skipSpace()
    guard depth < Self.maximumDepth else { throw fault("the text nests deeper than \(Self.maximumDepth)") }
    switch peek {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func members(depth: Int) throws -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    index += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("a member has no colon") }
      guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
        throw fault("an object names a member twice")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw fault("an object does not go on") }
    }
  }

  private mutating func elements(depth: Int) throws -> [JSONValue] {
    var elements: [JSONValue] = []
    index += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw fault("a list does not go on") }
    }
  }

  private mutating func string() throws -> String {
    guard take(UInt8(ascii: "\"")) else { throw fault("a text does not start with a quote") }
    var text: [UInt8] = []
    var start = index
    while let byte = peek, byte >= 0x20 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text += bytes[start..<index] }
      index += 1
      if byte == UInt8(ascii: "\"") {
        guard let text = String(validating: text, as: UTF8.self) else { throw fault("a text is not UTF-8") }
        return text
      }
      guard byte == UInt8(ascii: "\\") else { continue }
      text += String(Character(try escaped())).utf8
      start = index
    }
    throw fault("a text does not end")
  }

  private mutating func escaped() throws -> Unicode.Scalar {
    defer { index += 1 }
    switch peek {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "u"): break
    default: throw fault("an escape is unknown")
    }
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xdc00, bytes[(index + 1)...].starts(with: #"\u"#.utf8) else {
      throw fault("half a surrogate pair")
    }
    index += 2
    let low = try codeUnit()
    guard (0xdc00...0xdfff).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
    else { throw fault("half a surrogate pair") }
    return scalar
  }

  /// Reads four digits after the `u` and stops on the last.
  private mutating func codeUnit() throws -> UInt16 {
    let digits = bytes[(index + 1)...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("an escape has no four digits") }
    index += 4
    return unit
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw fault("a word is unknown") }
    index += word.utf8.count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = index
    let isNegative = take(UInt8(ascii: "-"))
    let whole = digits()
    var fraction: ArraySlice<UInt8> = []
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else {
      throw fault("no value stands here")
    }
    if take(UInt8(ascii: ".")) {
      fraction = digits()
      guard !fraction.isEmpty else { throw fault("a number ends with its point") }
    }
    let power = try exponent()
    let value = power.flatMap { Self.value(isNegative, Array(whole + fraction), $0 - fraction.count) }
    // Too long for quick work: the decoder knows how such numbers are rounded.
    return try value ?? JSONDecoder().decode(JSONValue.self, from: Data(bytes[start..<index]))
  }

  /// 0 when there is none, nil when it is out of any reach.
  private mutating func exponent() throws -> Int? {
    guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return 0 }
    let isNegative = take(UInt8(ascii: "-"))
    if !isNegative { _ = take(UInt8(ascii: "+")) }
    let digits = digits()
    guard !digits.isEmpty else { throw fault("an exponent has no digits") }
    guard digits.count < 6, let power = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    return isNegative ? -power : power
  }

  /// Nil for numbers of more than 19 digits, or far from 1.
  private static func value(_ isNegative: Bool, _ digits: [UInt8], _ exponent: Int) -> JSONValue? {
    let zero = UInt8(ascii: "0")
    guard let last = digits.lastIndex(where: { $0 != zero }) else { return .integer(0) }
    let exponent = exponent + digits.count - 1 - last
    let significant = digits[...last].drop { $0 == zero }
    guard significant.count <= 19, (-100...100).contains(exponent) else { return nil }
    let text = String(decoding: significant, as: UTF8.self)
    if exponent >= 0, significant.count + exponent <= 19,
      let integer = Int64((isNegative ? "-" : "") + text + String(repeating: "0", count: exponent))
    {
      return .integer(integer)
    }
    return UInt64(text).map {
      .decimal(Decimal(sign: isNegative ? .minus : .plus, exponent: exponent, significand: Decimal($0)))
    }
  }

  private mutating func digits() -> ArraySlice<UInt8> {
    let digits = bytes[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    index += digits.count
    return digits
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || (0x09...0x0a).contains(byte) || byte == 0x0d { index += 1 }
  }

  private func fault(_ words: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: [], debugDescription: "\(words) at byte \(index)"))
  }
}
