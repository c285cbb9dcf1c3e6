/// An absolute URI as RFC 3986 spells it: scheme, then characters that may stand where they do.
enum URIFormat {
  static func accepts(_ bytes: [UInt8]) -> Bool {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), isScheme(bytes[..<colon]) else { return false }
    let rest = bytes[(colon + 1)...]
    guard !hasBrokenEscape(rest) else { return false }
    guard rest.starts(with: "//".utf8) else { return areAllowed(rest) }
    let afterSlashes = rest.dropFirst(2)
    let authority = afterSlashes.prefix { !$0.isOne(of: "/?#") }
    return isAuthority(authority) && areAllowed(afterSlashes.dropFirst(authority.count))
  }

  private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first.isLetter else { return false }
    return bytes.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "+-.") }
  }

  private static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
    var host = bytes
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
      guard bytes[..<at].allSatisfy({ isPlain($0) || $0 == UInt8(ascii: ":") }) else { return false }
      host = bytes[(at + 1)...]
    }
    if host.first == UInt8(ascii: "[") {
      guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let address = host[(host.startIndex + 1)..<end]
      guard address.contains(UInt8(ascii: ":")),
        address.allSatisfy({ $0.isHexDigit || $0.isLetter || $0.isOne(of: ":.%") })
      else { return false }
      host = host[(end + 1)...]
      guard host.isEmpty || host.first == UInt8(ascii: ":") else { return false }
      return host.dropFirst().allSatisfy(\.isDigit)
    }
    let parts = host.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].allSatisfy(isPlain) else { return false }
    return parts.count == 1 || parts[1].allSatisfy(\.isDigit)
  }

  /// Path, query and fragment, of which there is one.
  private static func areAllowed(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count { $0 == UInt8(ascii: "#") } <= 1
      && bytes.allSatisfy { isPlain($0) || $0.isOne(of: ":@/?#") }
  }

  /// Unreserved characters, sub-delimiters and the sign of an escape.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte.isOne(of: "-._~!$&'()*+,;=%")
  }

  private static func hasBrokenEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { index in
      guard bytes[index] == UInt8(ascii: "%") else { return false }
      let digits = bytes[(index + 1)...].prefix(2)
      return digits.count < 2 || !digits.allSatisfy(\.isHexDigit)
    }
  }
}
