extension ManifestBuilder {
  func authProfile(_ cursor: NodeCursor) throws(Gap) -> AuthProfile {
    guard cursor.node["any"] != nil else {
      return AuthProfile(alternatives: [try alternative(cursor)])
    }
    return AuthProfile(
      alternatives: try cursor.list("any").mapGap { element throws(Gap) in try alternative(element) })
  }

  private func alternative(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.Alternative {
    AuthProfile.Alternative(
      kind: try kind(cursor),
      inject: try injection(cursor.at("inject")),
      derive: try cursor.map("derive") { inner throws(Gap) in
        AuthProfile.Derivation(source: try inner.text("from"), match: try inner.text("match"))
      })
  }

  private func kind(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.Kind {
    switch try cursor.text("kind") {
    case "api_key": return .apiKey
    case "captured": return .captured
    case "oauth2": return .oauth2(try oauth(cursor))
    default: throw cursor.gap("kind")
    }
  }

  private func injection(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.Injection {
    if let basic = cursor.optional("basic") {
      return .basic(user: try basic.text("user"), password: try basic.text("password"))
    }
    if let header = cursor.optional("header") {
      return .header(name: try header.text("name"), value: try header.text("value"))
    }
    if let query = cursor.optional("query") { return .query(name: try query.text("name")) }
    guard cursor.node["bearer"] != nil else { throw cursor.gap() }
    return .bearer
  }

  private func oauth(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.OAuth2 {
    let client = try cursor.at("client")
    let style: AuthProfile.OAuth2.ClientStyle? = try client.word("style")
    let pkce: AuthProfile.OAuth2.PKCE? = try cursor.word("pkce")
    return AuthProfile.OAuth2(
      authorize: try cursor.text("authorize"), token: try cursor.text("token"),
      clientID: try client.text("id"), clientSecret: try client.text("secret"),
      clientStyle: style ?? .body, pkce: pkce ?? .none,
      expires: try expiry(cursor),
      after: try cursor.optional("after").map { inner throws(Gap) in try afterExchange(inner) })
  }

  private func expiry(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.OAuth2.Expiry? {
    guard let text = try cursor.optionalText("expires") else { return nil }
    if text == "never" { return .never }
    guard let lifetime = Duration(manifest: text) else { throw cursor.gap("expires") }
    return .after(lifetime)
  }

  private func afterExchange(_ cursor: NodeCursor) throws(Gap) -> AuthProfile.AfterExchange {
    let request = try cursor.at("request")
    return AuthProfile.AfterExchange(
      endpoint: try request.text("endpoint"), path: try request.text("path"),
      authStyle: try request.optionalText("auth_style"), failIf: try cursor.optionalPath("fail_if"),
      take: try cursor.map("take") { inner throws(Gap) in try inner.asPath() })
  }
}
