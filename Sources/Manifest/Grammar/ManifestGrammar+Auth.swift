extension ManifestGrammar {
  static let authProfile: Shape = .having(
    "any", .object([.needs("any", .list(alternative, atLeast: 1), "Chosen when the account is connected.")]),
    otherwise: alternative)

  private static let alternative: Shape = .tagged(
    by: "kind",
    [
      .init(word: "api_key", members: common),
      .init(word: "oauth2", members: common + oauth),
      .init(word: "captured", members: common),
    ])

  private static let common: [Shape.Member] = [
    .needs("inject", .choice(injection), "Where the secret goes."),
    .may(
      "derive",
      .map(
        .variable,
        .object([
          .needs("from", .word(["key"]), "What the variable is taken from."),
          .needs("match", .text(.regularExpression), "A regular expression with one group."),
        ])), "Variables taken from the key when the account is connected."),
    .may(
      "appsecret_proof",
      .object([
        .needs("secret", .text(.environmentReference), "The application's secret."),
        .may("parameter", .text(.parameterName), "appsecret_proof by default."),
      ]), "Sends the HMAC of the token under the application's secret, as Meta asks."),
  ]

  private static let injection: [Shape.Member] = [
    .may(
      "basic",
      .object([
        .needs("user", .text(.headerValue), "The user name; may be $key."),
        .needs("password", .text(.headerValue), "The password; may be $key."),
      ]), "HTTP Basic."),
    .may("bearer", .boolean, "Authorization: Bearer."),
    .may(
      "header",
      .object([
        .needs("name", .text(.headerName), "The header's name."),
        .needs("value", .text(.keyTemplate), "Its value with $key in it."),
      ]), "A header."),
    .may(
      "query", .object([.needs("name", .text(.parameterName), "The parameter's name.")]),
      "A query parameter, for platforms that take nothing else."),
  ]

  private static let parameters: Shape = .map(.parameterName, .text(.headerValue))

  private static let oauth: [Shape.Member] = [
    .needs("authorize", .text(.absoluteURL), "Where people grant access."),
    .needs("token", .text(.absoluteURL), "Where codes become tokens."),
    .needs(
      "client",
      .object([
        .needs("id", .text(.environmentReference), "env:NAME."),
        .needs("secret", .text(.environmentReference), "env:NAME."),
        .may(
          "style", .words(AuthProfile.OAuth2.ClientStyle.self),
          "How the client identifies itself; body by default."),
        .may("id_parameter", .text(.parameterName), "client_id by default; TikTok says client_key."),
        .may("secret_parameter", .text(.parameterName), "client_secret by default."),
      ]), "The application's credentials."),
    .may("pkce", .words(AuthProfile.OAuth2.PKCE.self), "Proof key flavour; none by default."),
    .may("scope_separator", .word([" ", ","]), "Between scopes; a space by default."),
    .may(
      "expires", .text(.words), "never, or how long a token lives when the platform does not say."),
    .may(
      "after",
      .object([
        .needs("request", .object(request), "Made right after the exchange."),
        .may("fail_if", .text(.jsonPath), "Where an error stands in a successful answer."),
        .may("take", .map(.variable, .text(.jsonPath)), "Variables taken from the answer."),
      ]), "A request after the code's exchange."),
    .may(
      "exchange",
      .object([
        .needs("url", .text(.absoluteURL), "Where the token is exchanged."),
        .needs("grant", .text(.parameterName), "The grant type, such as fb_exchange_token."),
        .may("token_parameter", .text(.parameterName), "Takes the first token; the grant's name by default."),
        .may("parameters", parameters, "Sent besides."),
      ]), "Exchanges the first token for a longer one."),
    .may(
      "refresh",
      .object([
        .may("url", .text(.absoluteURL), "The token URL by default."),
        .may("grant", .text(.parameterName), "refresh_token by default."),
        .may("rotates", .boolean, "Whether each answer brings a new refresh token."),
        .may("margin", .text(.duration), "How long before its end a token is renewed."),
        .may("minimum_age", .text(.duration), "How old a token must be to be renewed."),
        .may("parameters", parameters, "Sent besides."),
      ]), "How tokens are renewed."),
    .may(
      "revoke",
      .object([
        .needs("url", .text(.absoluteURL), "Where tokens end."),
        .may("method", .text(.httpMethod), "POST by default."),
        .may("token_parameter", .text(.parameterName), "token by default."),
      ]), "How tokens are ended at disconnect."),
    .may(
      "parameters",
      .object([
        .may("authorize", parameters, "Such as access_type: offline."),
        .may("token", parameters, "Sent with the code."),
      ]), "Extra parameters."),
  ]
}
