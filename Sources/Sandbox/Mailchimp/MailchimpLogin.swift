internal import ConnectorModel

/// Mailchimp's OAuth host: authorization code only, tokens without an end, metadata that says 200 to anything.
struct MailchimpLogin: Sendable {
  static let clientID = "sandbox-client"
  static let clientSecret = "sandbox-client-secret"
  private static let codeLifetimeMs: Int64 = 600_000

  private var codes: [String: Grant] = [:]
  private var tokens: Set<String> = []

  private struct Grant: Sendable {
    let redirectURI: String
    let expires: SandboxInstant
  }

  var tokenCount: Int { tokens.count }

  func hasIssued(_ token: String) -> Bool { tokens.contains(token) }

  mutating func respond(
    to request: SandboxRequest, at now: SandboxInstant, identifiers: inout MailchimpIdentifiers
  ) -> SandboxResponse {
    switch (request.method, request.path) {
    case ("GET", "/oauth2/authorize"): authorize(request, now, &identifiers)
    case ("POST", "/oauth2/token"): token(request, now, &identifiers)
    case ("GET", "/oauth2/metadata"): metadata(request)
    default: Self.page(404, "Page not found")
    }
  }

  /// The consent page, with the person's consent taken for granted.
  private mutating func authorize(
    _ request: SandboxRequest, _ now: SandboxInstant, _ identifiers: inout MailchimpIdentifiers
  ) -> SandboxResponse {
    let query = request.query
    func item(_ name: String) -> String? { query.first { $0.name == name }?.value }
    guard item("response_type") == "code" else { return Self.page(400, "Unsupported response_type") }
    guard item("client_id") == Self.clientID else { return Self.page(400, "Unknown client_id") }
    guard let redirect = item("redirect_uri"), Self.isRegistered(redirect) else {
      return Self.page(
        400, "The redirect_uri does not match a registered one; use 127.0.0.1 instead of localhost")
    }
    let code = identifiers.hexadecimal(32)
    codes[code] = Grant(redirectURI: redirect, expires: now.advanced(byMilliseconds: Self.codeLifetimeMs))
    var fields = [NamedText("code", code)]
    if let state = item("state") { fields.append(NamedText("state", state)) }
    let location = redirect + (redirect.contains("?") ? "&" : "?") + FormText.encode(fields)
    return SandboxResponse(status: 302, headers: [NamedText("Location", location)])
  }

  private mutating func token(
    _ request: SandboxRequest, _ now: SandboxInstant, _ identifiers: inout MailchimpIdentifiers
  ) -> SandboxResponse {
    let form = FormText.decode(String(decoding: request.body, as: UTF8.self))
    func field(_ name: String) -> String? { form.first { $0.name == name }?.value }
    guard field("grant_type") == "authorization_code" else {
      return Self.refusal(400, "unsupported_grant_type")
    }
    guard field("client_id") == Self.clientID, field("client_secret") == Self.clientSecret else {
      return Self.refusal(401, "invalid_client")
    }
    // A code is good for one try, also where that try fails.
    guard let code = field("code"), let grant = codes.removeValue(forKey: code), now < grant.expires,
      grant.redirectURI == field("redirect_uri")
    else { return Self.refusal(400, "invalid_grant") }
    let token = identifiers.hexadecimal(32)
    tokens.insert(token)
    return .json(
      ["access_token": .string(token), "expires_in": 0, "scope": nil], contentType: "application/json")
  }

  private func metadata(_ request: SandboxRequest) -> SandboxResponse {
    let parts = (request.header("Authorization") ?? "").split(separator: " ", maxSplits: 1)
    guard parts.count == 2, ["oauth", "bearer"].contains(parts[0].lowercased()), hasIssued(String(parts[1]))
    else {
      return .json(["error": "invalid_token"], contentType: "application/json")
    }
    return .json(
      [
        "dc": .string(Mailchimp.dataCentre), "role": "owner", "accountname": .string(MailchimpAccount.name),
        "user_id": .integer(Int64(MailchimpAccount.userID) ?? 0),
        "login": [
          "email": .string(MailchimpAccount.email), "avatar": nil,
          "login_id": .integer(Int64(MailchimpAccount.loginID) ?? 0), "login_name": "patchbaysandbox",
          "login_email": .string(MailchimpAccount.email),
        ],
        "login_url": .string("https://\(Mailchimp.loginHost)"),
        "api_endpoint": .string("https://\(Mailchimp.dataCentre).api.mailchimp.com"),
      ], contentType: "application/json")
  }

  /// Any HTTPS address counts as registered, and plain HTTP on 127.0.0.1 as Mailchimp allows for development.
  private static func isRegistered(_ redirect: String) -> Bool {
    redirect.utf8.allSatisfy { $0 > 32 && $0 < 127 } && !redirect.contains("#")
      && (redirect.hasPrefix("https://") || redirect.hasPrefix("http://127.0.0.1:")
        || redirect.hasPrefix("http://127.0.0.1/"))
  }

  private static func refusal(_ status: Int, _ error: String) -> SandboxResponse {
    .json(["error": .string(error)], status: status, contentType: "application/json")
  }

  private static func page(_ status: Int, _ text: String) -> SandboxResponse {
    SandboxResponse(
      status: status, headers: [NamedText("Content-Type", "text/html; charset=utf-8")],
      body: Array("<!DOCTYPE html><title>Mailchimp</title><p>\(text)</p>".utf8))
  }
}
