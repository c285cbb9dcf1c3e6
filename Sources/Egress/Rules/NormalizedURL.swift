/// An absolute URL in the one spelling that is compared and sent.
///
/// Lower-case scheme and host, explicit port, no user, no fragment, no dot segment, upper-case escapes and no escape
/// where none is needed.
struct NormalizedURL: Sendable, Hashable {
  let scheme: String
  let host: String
  let port: UInt16
  /// What must be equal for credentials to travel along.
  let origin: String
  /// Starts with `/`.
  var path: String
  /// Without the question mark; nil when there is none.
  var query: String?

  init(scheme: String, host: String, port: UInt16, path: String, query: String?) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
    self.query = query
    let isDefaultPort = port == (scheme == "https" ? 443 : 80)
    origin = isDefaultPort ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
  }

  var text: String { query.map { origin + path + "?" + $0 } ?? origin + path }

  /// Longer ones are refused.
  static let maximumBytes = 8192

  /// The path below `base`, nil when this is not at or under it.
  ///
  /// Compared segment by segment.
  func route(below base: NormalizedURL) -> String? {
    guard scheme == base.scheme, host == base.host, port == base.port else { return nil }
    let prefix = base.path.utf8.last == .init(ascii: "/") ? base.path.utf8.dropLast() : base.path.utf8[...]
    guard path.utf8.starts(with: prefix) else { return nil }
    let rest = path.utf8.dropFirst(prefix.count)
    guard rest.isEmpty || rest.first == .init(ascii: "/") else { return nil }
    return rest.isEmpty ? "/" : String(decoding: rest, as: UTF8.self)
  }

  /// With `name=value` in the query, in the place of what stood there under that name.
  func settingQuery(_ name: String, to value: String) -> NormalizedURL {
    let kept = (query ?? "").split(separator: "&").filter { pair in
      let key = pair.prefix { $0 != "=" }
      return PercentEncoding.decode(String(key)) != name
    }
    var changed = self
    changed.query = (kept + ["\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"])
      .joined(separator: "&")
    return changed
  }
}
