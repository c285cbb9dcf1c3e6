/// An endpoint's base with its variables: `https://{dc}.api.mailchimp.com/3.0`.
struct BaseURLTemplate: Equatable {
  var scheme: String
  /// With the variables in braces, without the port.
  var host: String
  var path: String
  /// Names, in the order they stand.
  var variables: [String]

  /// Reads and checks a template.
  ///
  /// - Throws: `malformedURL` for anything but https (http on loopback), for userinfo, query, fragment, dot
  ///   segments, escapes and white space.
  init(parsing text: String) throws(ManifestError) {
    func fault(_ reason: String) -> ManifestError { .malformedURL(text, reason: reason) }
    guard let separator = text.firstRange(of: "://") else { throw fault("it has no scheme") }
    scheme = String(text[..<separator.lowerBound])
    let rest = text[separator.upperBound...]
    for (sign, reason) in Self.forbidden where rest.contains(sign) { throw fault(reason) }
    guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw fault("it holds a space or a character beyond ASCII")
    }
    let authority = rest.prefix { $0 != "/" }
    path = String(rest.dropFirst(authority.count))
    host = String(try Self.host(of: authority, in: text))
    variables = try Self.variables(in: rest, of: text)
    guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
      throw fault("its path has a . or .. segment")
    }
    guard !path.contains("//") else { throw fault("its path has an empty segment") }
    switch scheme {
    case "https": break
    case "http" where Self.isLoopback(host): break
    case "http": throw fault("http is allowed for loopback hosts only; use https")
    default: throw fault("its scheme is not https")
    }
  }

  /// The host's last two labels hold no variable, so that every value of it stays with one owner.
  var hasFixedDomain: Bool {
    let labels = host.split(separator: ".")
    return variables.isEmpty || !labels.suffix(2).contains { $0.contains("{") }
  }

  private static let forbidden: [(Character, String)] = [
    ("@", "it holds userinfo (@)"), ("?", "it holds a query"), ("#", "it holds a fragment"),
    ("\\", "it holds a backslash"), ("%", "it holds an escape (%)"),
    ("*", "it holds a *; name the host in full"),
  ]

  private static func host(of authority: Substring, in text: String) throws(ManifestError) -> Substring {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw .malformedURL(text, reason: "a [ has no ]") }
      try check(port: authority[authority.index(after: end)...], in: text)
      return authority[...end]
    }
    let host = authority.prefix { $0 != ":" }
    try check(port: authority.dropFirst(host.count), in: text)
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy(isLabel) else { throw .malformedURL(text, reason: "\"\(host)\" is not a host") }
    return host
  }

  /// Letters, digits, `_` and `-`, the latter inside only, and variables in braces.
  private static func isLabel(_ label: Substring) -> Bool {
    var rest = label.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        continue
      case UInt8(ascii: "{"):
        guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }),
          rest[end] == UInt8(ascii: "}")
        else { return false }
        rest = rest[rest.index(after: end)...]
      default: return false
      }
    }
    return !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
  }

  private static func check(port: Substring, in text: String) throws(ManifestError) {
    guard !port.isEmpty else { return }
    guard port.hasPrefix(":"), let number = Int(port.dropFirst()), (1...65535).contains(number) else {
      throw .malformedURL(text, reason: "\"\(port)\" is not a port")
    }
  }

  private static func variables(in rest: Substring, of text: String) throws(ManifestError) -> [String] {
    var names: [String] = []
    var remaining = rest
    while let open = remaining.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      let inner = remaining[remaining.index(after: open)...]
      guard remaining[open] == "{", let close = inner.firstIndex(where: { $0 == "{" || $0 == "}" }),
        inner[close] == "}"
      else { throw .malformedURL(text, reason: "its braces do not pair") }
      let name = String(inner[..<close])
      guard TextForm.variable.fault(in: name) == nil else {
        throw .malformedURL(text, reason: "\"{\(name)}\" is not a variable")
      }
      if !names.contains(name) { names.append(name) }
      remaining = inner[inner.index(after: close)...]
    }
    return names
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count)
          && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      }
  }
}
