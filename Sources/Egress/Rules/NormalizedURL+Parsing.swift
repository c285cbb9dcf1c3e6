extension NormalizedURL {
  /// Reads an absolute URL as it stands in a manifest, a request or an answer.
  static func absolute(_ text: String) throws(URLRule) -> NormalizedURL {
    guard text.utf8.count <= maximumBytes else { throw .tooLong }
    guard let (scheme, rest) = splitScheme(text) else { throw .notAbsolute }
    guard !rest.contains(.init(ascii: "\\")) else { throw .backslash }
    let authority = rest.prefix { !"/?#".utf8.contains($0) }
    let (host, port) = try parseAuthority(String(decoding: authority, as: UTF8.self), scheme: scheme)
    let (path, query) = try parseTarget(rest.dropFirst(authority.count))
    return NormalizedURL(scheme: scheme, host: host, port: port, path: path, query: query)
  }

  /// A base with `target`, a path and perhaps a query as a connector writes them, appended.
  func appending(_ target: String) throws(URLRule) -> NormalizedURL {
    guard target.utf8.count <= Self.maximumBytes else { throw .tooLong }
    let (below, query) = try Self.parseTarget(target.utf8[...])
    var joined = self
    joined.path = (path.utf8.last == .init(ascii: "/") ? String(path.dropLast()) : path) + below
    joined.query = query
    return joined
  }

  private static func splitScheme(_ text: String) -> (scheme: String, rest: Substring.UTF8View)? {
    for scheme in ["https", "http"] {
      let start = text.utf8.prefix(scheme.utf8.count + 3)
      if String(decoding: start, as: UTF8.self).lowercased() == scheme + "://" {
        return (scheme, text.utf8.dropFirst(start.count))
      }
    }
    return nil
  }

  private static func parseAuthority(
    _ text: String, scheme: String
  ) throws(URLRule) -> (host: String, port: UInt16) {
    guard !text.utf8.contains(.init(ascii: "@")) else { throw .userInfo }
    guard !text.utf8.contains(.init(ascii: "[")) else { throw .addressLiteral }
    let parts = text.utf8.split(separator: .init(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    let host = try parseHost(String(decoding: parts[0], as: UTF8.self))
    guard parts.count == 2 else { return (host, scheme == "https" ? 443 : 80) }
    let digits = parts[1]
    guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy(isDigit),
      let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
    else { throw .badPort }
    return (host, port)
  }

  private static func parseHost(_ text: String) throws(URLRule) -> String {
    let host = text.lowercased()
    let labels = host.utf8.split(separator: .init(ascii: "."), omittingEmptySubsequences: false)
    let isPlain = labels.allSatisfy { label in
      !label.isEmpty && label.count <= 63 && label.first != .init(ascii: "-")
        && label.last != .init(ascii: "-")
        && label.allSatisfy {
          isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == .init(ascii: "-")
        }
    }
    guard isPlain, host.utf8.count <= 253, text.utf8.allSatisfy({ $0 < 0x80 }), let last = labels.last
    else { throw .badHost }
    // `127.1`, `2130706433` and `0x7f.0.0.1` are addresses to the C library.
    guard !last.allSatisfy(isDigit), !last.starts(with: "0x".utf8) else { throw .addressLiteral }
    return host
  }

  /// Reads what follows the authority.
  private static func parseTarget(
    _ bytes: Substring.UTF8View
  ) throws(URLRule) -> (path: String, query: String?) {
    guard !bytes.contains(.init(ascii: "#")) else { throw .fragment }
    let path = bytes.prefix { $0 != .init(ascii: "?") }
    let query = bytes.dropFirst(path.count)
    return (
      path.isEmpty ? "/" : try parsePath(path),
      query.isEmpty ? nil : try parseQuery(query.dropFirst())
    )
  }

  private static func parsePath(_ bytes: Substring.UTF8View) throws(URLRule) -> String {
    guard bytes.first == .init(ascii: "/") else { throw .notAbsolute }
    let path = try normalizeEscapes(in: bytes, asIs: isPathCharacter) { (value, rest) throws(URLRule) in
      if value < 0x20 || value == 0x7f { throw .controlCharacter }
      if value == .init(ascii: "/") || value == .init(ascii: "\\") { throw .encodedSeparator }
      if value == .init(ascii: "%"), PercentEncoding.escape(at: rest) != nil { throw .doubleEncoding }
    }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for segment in segments.dropLast() where segment.isEmpty { throw .emptySegment }
    for segment in segments {
      let name = segment.prefix { $0 != ";" }
      if name == "." || name == ".." { throw .dotSegment }
    }
    return path
  }

  private static func parseQuery(_ bytes: Substring.UTF8View) throws(URLRule) -> String {
    try normalizeEscapes(in: bytes, asIs: isQueryCharacter) { (value, _) throws(URLRule) in
      if value == 0 { throw .controlCharacter }
    }
  }

  private static func normalizeEscapes(
    in bytes: Substring.UTF8View, asIs: (UInt8) -> Bool,
    check: (_ escaped: UInt8, _ rest: Substring.UTF8View) throws(URLRule) -> Void
  ) throws(URLRule) -> String {
    if bytes.allSatisfy(asIs) { return String(Substring(bytes)) }
    var text = ""
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == .init(ascii: "\\") { throw .backslash }
      if byte <= 0x20 || byte == 0x7f { throw .controlCharacter }
      guard byte == .init(ascii: "%") else {
        decoded.append(byte)
        PercentEncoding.append(byte, to: &text, asIs: asIs)
        continue
      }
      guard let value = PercentEncoding.escape(at: rest) else { throw .badEscape }
      rest = rest.dropFirst(2)
      try check(value, rest)
      decoded.append(value)
      PercentEncoding.append(value, to: &text, asIs: PercentEncoding.isUnreserved)
    }
    guard String(validating: decoded, as: UTF8.self) != nil else { throw .badEscape }
    return text
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isPathCharacter(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || "!$&'()*+,;=:@/".utf8.contains(byte)
  }

  private static func isQueryCharacter(_ byte: UInt8) -> Bool {
    isPathCharacter(byte) || "?[]".utf8.contains(byte)
  }
}
