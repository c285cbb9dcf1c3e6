/// An IP address and a port.
struct SocketAddress: Sendable, Hashable {
  /// In network order, 4 or 16 of them.
  let bytes: [UInt8]
  let port: UInt16

  /// Nil for any other number of bytes.
  init?(bytes: [UInt8], port: UInt16) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
    self.port = port
  }

  /// Reads `127.0.0.1` or `2001:db8::1`, without brackets and without a zone; nil for anything else.
  init?(_ text: String, port: UInt16) {
    guard let bytes = text.contains(":") ? Self.parseVersion6(text) : Self.parseVersion4(text) else {
      return nil
    }
    self.bytes = bytes
    self.port = port
  }

  private static func parseVersion4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in
      part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        && (part == "0" || part.first != "0") ? UInt8(part) : nil
    }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
  }

  private static func parseVersion6(_ text: String) -> [UInt8]? {
    guard let gap = text.firstRange(of: "::") else {
      let bytes = groups(text)
      return bytes?.count == 16 ? bytes : nil
    }
    guard let head = groups(String(text[..<gap.lowerBound])),
      let tail = groups(String(text[gap.upperBound...])),
      head.count + tail.count <= 14
    else { return nil }
    return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// Groups of four hexadecimal digits, the last perhaps an address of version 4.
  private static func groups(_ text: String) -> [UInt8]? {
    guard !text.isEmpty else { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains(".") {
        guard let tail = parseVersion4(String(part)) else { return nil }
        bytes += tail
      } else {
        guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
        else { return nil }
        bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
      }
    }
    return bytes
  }
}
