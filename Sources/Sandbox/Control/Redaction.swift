internal import ConnectorModel

/// Takes secrets out of a request before it is shown.
enum Redaction {
  static let mask = "***"
  private static let longestBody = 4096
  private static let exactNames: Set<String> = [
    "code", "password", "apikey", "api_key", "api-key", "assertion", "code_verifier", "appsecret_proof",
    "signature",
  ]

  /// Whether a field, item or member of that name holds a secret.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    if ["pagetoken", "page_token", "nextpagetoken", "next_page_token"].contains(name) { return false }
    return exactNames.contains(name) || name.contains("token") || name.contains("secret")
      || name.contains("apikey")
      || name.contains("api-key")
  }

  /// A header's value; of credentials the scheme stays readable.
  static func header(_ header: NamedText) -> String {
    let name = header.name.lowercased()
    if name == "authorization" || name == "proxy-authorization" {
      let parts = header.value.split(separator: " ", maxSplits: 1)
      return parts.count == 2 ? "\(parts[0]) \(mask)" : mask
    }
    return name == "cookie" || isSecret(name) || name.contains("signature") ? mask : header.value
  }

  static func query(_ text: String) -> String {
    text.split(separator: "&").map { item in
      let name = item.prefix { $0 != "=" }
      let decoded = FormText.percentDecoded(name, plusIsSpace: true)
      return isSecret(decoded) && name.count < item.count ? "\(name)=\(mask)" : String(item)
    }.joined(separator: "&")
  }

  /// The body as JSON or as a form's fields; nil for anything else and for what is over 4 KiB.
  static func body(of request: SandboxRequest) -> JSONValue? {
    guard !request.body.isEmpty, request.body.count <= longestBody else { return nil }
    if let value = JSONValue.parse(request.body) { return redacted(value) }
    guard request.header("Content-Type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
    else {
      return nil
    }
    let fields = FormText.decode(String(decoding: request.body, as: UTF8.self))
    return .object(
      Dictionary(fields.map { ($0.name, .string(isSecret($0.name) ? mask : $0.value)) }) { _, later in later }
    )
  }

  /// - Parameter isHidden: whether a member above has a secret name, so that every value here is masked.
  static func redacted(_ value: JSONValue, isHidden: Bool = false) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0, redacted($1, isHidden: isHidden || isSecret($0))) }))
    case .array(let elements): .array(elements.map { redacted($0, isHidden: isHidden) })
    case .null: .null
    default: isHidden ? .string(mask) : value
    }
  }
}
