/// Tells whether bytes are one JSON value (RFC 8259) in UTF-8, without building it.
///
/// Rejects what is nested deeper than 512, as the readers behind it would.
enum JSONSyntax {
  private static let maximumDepth = 512

  static func isValid(_ bytes: [UInt8]) -> Bool {
    guard (try? UTF8Span(validating: bytes.span)) != nil else { return false }
    var index = 0
    guard value(bytes, &index, depth: 0) else { return false }
    skipSpace(bytes, &index)
    return index == bytes.count
  }

  private static func value(_ bytes: [UInt8], _ index: inout Int, depth: Int) -> Bool {
    skipSpace(bytes, &index)
    guard index < bytes.count, depth < maximumDepth else { return false }
    switch bytes[index] {
    case UInt8(ascii: "{"): return members(bytes, &index, depth: depth)
    case UInt8(ascii: "["): return elements(bytes, &index, depth: depth)
    case UInt8(ascii: "\""): return string(bytes, &index)
    case UInt8(ascii: "t"): return word("true", bytes, &index)
    case UInt8(ascii: "f"): return word("false", bytes, &index)
    case UInt8(ascii: "n"): return word("null", bytes, &index)
    default: return number(bytes, &index)
    }
  }

  private static func members(_ bytes: [UInt8], _ index: inout Int, depth: Int) -> Bool {
    index += 1
    skipSpace(bytes, &index)
    if take(UInt8(ascii: "}"), bytes, &index) { return true }
    while true {
      skipSpace(bytes, &index)
      guard string(bytes, &index) else { return false }
      skipSpace(bytes, &index)
      guard take(UInt8(ascii: ":"), bytes, &index), value(bytes, &index, depth: depth + 1) else {
        return false
      }
      skipSpace(bytes, &index)
      if take(UInt8(ascii: "}"), bytes, &index) { return true }
      guard take(UInt8(ascii: ","), bytes, &index) else { return false }
    }
  }

  private static func elements(_ bytes: [UInt8], _ index: inout Int, depth: Int) -> Bool {
    index += 1
    skipSpace(bytes, &index)
    if take(UInt8(ascii: "]"), bytes, &index) { return true }
    while true {
      guard value(bytes, &index, depth: depth + 1) else { return false }
      skipSpace(bytes, &index)
      if take(UInt8(ascii: "]"), bytes, &index) { return true }
      guard take(UInt8(ascii: ","), bytes, &index) else { return false }
    }
  }

  private static func string(_ bytes: [UInt8], _ index: inout Int) -> Bool {
    guard take(UInt8(ascii: "\""), bytes, &index) else { return false }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\"), !escape(bytes, &index) { return false }
    }
    return false
  }

  private static func escape(_ bytes: [UInt8], _ index: inout Int) -> Bool {
    guard index < bytes.count else { return false }
    let kind = bytes[index]
    index += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      guard bytes.count - index >= 4 else { return false }
      let digits = bytes[index..<index + 4]
      index += 4
      return digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    default: return false
    }
  }

  private static func number(_ bytes: [UInt8], _ index: inout Int) -> Bool {
    _ = take(UInt8(ascii: "-"), bytes, &index)
    if !take(UInt8(ascii: "0"), bytes, &index), !digits(bytes, &index) { return false }
    if take(UInt8(ascii: "."), bytes, &index), !digits(bytes, &index) { return false }
    if take(UInt8(ascii: "e"), bytes, &index) || take(UInt8(ascii: "E"), bytes, &index) {
      if !take(UInt8(ascii: "+"), bytes, &index) { _ = take(UInt8(ascii: "-"), bytes, &index) }
      return digits(bytes, &index)
    }
    return true
  }

  private static func digits(_ bytes: [UInt8], _ index: inout Int) -> Bool {
    let start = index
    while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
    return index > start
  }

  private static func word(_ word: String, _ bytes: [UInt8], _ index: inout Int) -> Bool {
    let text = word.utf8
    guard bytes[index...].starts(with: text) else { return false }
    index += text.count
    return true
  }

  private static func take(_ byte: UInt8, _ bytes: [UInt8], _ index: inout Int) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private static func skipSpace(_ bytes: [UInt8], _ index: inout Int) {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index += 1
      default: return
      }
    }
  }
}
