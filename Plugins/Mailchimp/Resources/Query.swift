import ConnectorKit

/// What follows a path: names and values, escaped.
struct Query: Sendable {
  private(set) var text = ""

  mutating func add(_ name: String, _ value: String) {
    text += text.isEmpty ? "?" : "&"
    text += "\(name)=\(Self.escape(value))"
  }

  /// The members of a written object, in the order of `fields`.
  mutating func add(_ values: JSONValue, in fields: [Field]) {
    for name in fields.map({ $0.path.joined(separator: ".") }) {
      switch values[name] {
      case .string(let text)?: add(name, text)
      case .integer(let number)?: add(name, String(number))
      case .bool(let flag)?: add(name, flag ? "true" : "false")
      case .array(let elements)?: add(name, elements.compactMap(\.text).joined(separator: ","))
      default: break
      }
    }
  }

  /// RFC 3986, with what times and lists are made of left readable.
  private static func escape(_ value: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return value.utf8.reduce(into: "") { text, byte in
      let scalar = Character(UnicodeScalar(byte))
      let isPlain = scalar.isASCII && (scalar.isLetter || scalar.isNumber || "-._~:,@".contains(scalar))
      text += isPlain ? String(scalar) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
  }
}
