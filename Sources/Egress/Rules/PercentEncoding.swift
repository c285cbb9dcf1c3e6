/// Escapes in URLs: RFC 3986, section 2.
enum PercentEncoding {
  /// Everything but unreserved characters escaped.
  static func encode(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 { append(byte, to: &encoded, asIs: isUnreserved) }
    return encoded
  }

  /// Escapes undone; what is no escape stays.
  static func decode(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == .init(ascii: "%"), let value = escape(at: rest) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == .init(ascii: "+") ? .init(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of the two hexadecimal digits at the start of `bytes`, nil when they are none.
  static func escape(at bytes: Substring.UTF8View.SubSequence) -> UInt8? {
    guard let high = bytes.first, let low = bytes.dropFirst().first,
      let high = Character(UnicodeScalar(high)).hexDigitValue,
      let low = Character(UnicodeScalar(low)).hexDigitValue
    else { return nil }
    return UInt8(high * 16 + low)
  }

  static func append(_ byte: UInt8, to text: inout String, asIs: (UInt8) -> Bool) {
    if asIs(byte) {
      text.unicodeScalars.append(UnicodeScalar(byte))
    } else {
      let digits = Array("0123456789ABCDEF")
      text.append("%")
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }
}
