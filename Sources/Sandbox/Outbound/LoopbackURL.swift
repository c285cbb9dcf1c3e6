/// An `http` or `https` URL on this machine: the only addresses a simulator calls by itself.
package struct LoopbackURL: Sendable, Equatable {
  package let text: String
  package let isSecure: Bool
  /// `127.0.0.1`, `localhost` or `::1`.
  package let host: String
  package let port: Int
  /// Path and query, as they stand in the request line.
  package let target: String

  /// Nil for what is no such URL: another scheme, another host, credentials, a fragment, a blank.
  package init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !text.contains("#") else { return nil }
    let scheme = text.prefix { $0 != ":" }.lowercased()
    guard ["http", "https"].contains(scheme), text.dropFirst(scheme.count).hasPrefix("://") else {
      return nil
    }
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let isNumbered = authority.hasPrefix("[")
    let name = isNumbered ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    guard !isNumbered || authority.contains("]") else { return nil }
    let tail = authority.dropFirst(name.count + (isNumbered ? 2 : 0))
    let host = name.lowercased()
    guard isNumbered ? host == "::1" : ["127.0.0.1", "localhost"].contains(host) else { return nil }
    if tail.isEmpty {
      port = scheme == "https" ? 443 : 80
    } else {
      guard tail.first == ":", let port = UInt16(tail.dropFirst()), port > 0 else { return nil }
      self.port = Int(port)
    }
    let path = rest.dropFirst(authority.count)
    target = path.hasPrefix("/") ? String(path) : "/" + path
    self.text = text
    self.host = host
    isSecure = scheme == "https"
  }

  /// What a socket connects to; names are not resolved.
  var address: String { host == "::1" ? "::1" : "127.0.0.1" }

  /// The `Host` header.
  var authority: String { (host == "::1" ? "[::1]" : host) + ":\(port)" }
}
