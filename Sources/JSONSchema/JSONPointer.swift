/// JSON pointers as RFC 6901 writes them.
enum JSONPointer {
  static func escape(_ token: String) -> String {
    token.replacing("~", with: "~0").replacing("/", with: "~1")
  }

  /// The pointer behind a `$ref` fragment, nil when the reference is not local.
  static func pointer(ofReference reference: String) -> String? {
    guard reference.hasPrefix("#") else { return nil }
    guard let decoded = percentDecoded(reference.dropFirst()) else { return nil }
    return decoded.isEmpty || decoded.hasPrefix("/") ? decoded : nil
  }

  private static func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let digits = String(rest.prefix(2)), let value = UInt8(digits, radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
