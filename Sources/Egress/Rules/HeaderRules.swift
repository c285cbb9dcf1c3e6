internal import ConnectorModel

/// Which headers a connector may set.
///
/// The rest belong to the host: they carry credentials, frame the message, or change what a request means behind
/// the back of the allow-list.
struct HeaderRules: Sendable {
  /// Bytes of names and values together.
  static let maximumBytes = 32 * 1024
  static let maximumCount = 100

  private static let reserved: Set<String> = [
    "host", "authorization", "cookie", "cookie2", "content-length", "transfer-encoding", "connection",
    "keep-alive",
    "te", "trailer", "upgrade", "expect", "http2-settings", "idempotency-key",
    // Another method than the one that was checked.
    "x-http-method-override", "x-http-method", "x-method-override",
    // Another path or host than the one that was checked, to servers that trust their proxy.
    "x-original-url", "x-rewrite-url", "x-forwarded-host", "x-forwarded-prefix", "x-host", "forwarded",
  ]

  /// Names in lower case that the manifest sets itself, by `headers:` of an endpoint or by an auth profile.
  let taken: Set<String>

  /// - Throws: `permission` for the host's headers, `invalidInput` for malformed ones.
  func check(_ headers: [HeaderField], endpoint: String) throws(EgressError) {
    var bytes = 0
    for header in headers {
      bytes += header.name.utf8.count + header.value.utf8.count
      try check(header, endpoint: endpoint)
    }
    guard headers.count <= Self.maximumCount, bytes <= Self.maximumBytes else {
      throw EgressError(.invalidInput, "request has more than 100 headers or 32 KiB of them")
    }
  }

  private func check(_ header: HeaderField, endpoint: String) throws(EgressError) {
    let name = header.name.lowercased()
    guard Self.isToken(header.name) else {
      throw EgressError(.invalidInput, "header name `\(header.name.asShortLabel)` is not a token of RFC 9110")
    }
    guard Self.isValue(header.value) else {
      throw EgressError(
        .invalidInput, "the value of header `\(name)` has a line break or a control character")
    }
    if name == "accept-encoding", header.value.lowercased() == "identity" { return }
    guard !Self.reserved.contains(name), !name.hasPrefix("proxy-"), name != "accept-encoding" else {
      throw .refused(endpoint: endpoint, "header `\(name)` is set by the host only")
    }
    guard !taken.contains(name) else {
      throw .refused(endpoint: endpoint, "header `\(name)` is set by the manifest")
    }
  }

  static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// No control character but the tab.
  static func isValue(_ value: String) -> Bool {
    value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
  }
}
