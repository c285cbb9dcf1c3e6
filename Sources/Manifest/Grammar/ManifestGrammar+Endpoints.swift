extension ManifestGrammar {
  static let endpoint: [Shape.Member] = [
    .needs(
      "base", .oneOrMore(.text(.baseURL)), "URL templates; the first whose variables are known is used."),
    .may(
      "vars",
      .map(
        .variable,
        .object([.needs("pattern", .text(.regularExpression), "What the value must match in full.")])),
      "Variables of the base, set when an account is connected."),
    .needs("methods", .list(.text(.httpMethod), atLeast: 1), "Methods that may be used."),
    .may(
      "auth", .list(.text(.name), atLeast: 0),
      "Profiles that requests may name; none allows requests without."),
    .may("idempotent", .list(.text(.routePattern), atLeast: 0), "Writes that may be repeated."),
    .may("reads", .list(.text(.routePattern), atLeast: 0), "POSTs that change nothing."),
    .may("capture", .list(.object(capture), atLeast: 0), "Secrets in answers, replaced by handles."),
    .may("headers", .map(.headerName, .text(.headerValue)), "Sent with every request."),
    .may("version_header", .text(.headerName), "Sent with api.version as its value."),
    .may("buckets", .list(.text(.name), atLeast: 0), "Buckets besides limits.defaults.bucket."),
    .may("pagination", .tagged(by: "kind", pagination), "How lists continue."),
  ]

  private static let capture: [Shape.Member] = [
    .needs("path", .text(.jsonPath), "Where the secret stands in an answer."),
    .needs("as", .text(.name), "The auth profile of kind captured that its handles are used under."),
    .may("key", .text(.jsonPath), "Beside the secret, what tells one from another."),
    .may("keep", .boolean, "Keep it beyond the operation."),
  ]

  private static let pagination: [Shape.Variant] = [
    .init(
      word: "cursor",
      members: [
        .needs("items", .text(.jsonPath), "The elements of a page."),
        .needs("next", .text(.jsonPath), "The cursor, token or URL of the next page."),
        .may("parameter", .text(.parameterName), "Takes the cursor; absent when next is a URL."),
        .may("maximum", .integer(1...1_000_000), "Pages at most."),
      ]),
    .init(
      word: "offset",
      members: [
        .needs("items", .text(.jsonPath), "The elements of a page."),
        .may("total", .text(.jsonPath), "The number of all elements."),
        .needs("parameter", .text(.parameterName), "Takes the offset."),
        .needs("count", .text(.parameterName), "Takes the page's size."),
        .needs("size", .integer(1...100_000), "Elements of a page."),
        .may("maximum", .integer(1...1_000_000), "Pages at most."),
      ]),
  ]

  static let webhook: [Shape.Member] = [
    .needs("verify", .tagged(by: "kind", verification), "How a message proves where it comes from."),
    .may(
      "handshake",
      .object([
        .needs("kind", .words(Manifest.WebhookDeclaration.Handshake.self), "What the platform asks first."),
        .may("secret", .text(.words), "The secret used in the answer."),
      ]), "How the platform checks the address."),
    .may("deduplicate", .list(.text(.jsonPath), atLeast: 0), "What makes two messages the same one."),
    .may("accepts", .text(.mediaType), "The messages' media type; application/json by default."),
  ]

  private static let verification: [Shape.Variant] = {
    let signed: [Shape.Member] = [
      .needs("header", .text(.headerName), "Carries the signature."),
      .needs("secret", .text(.words), "webhook for the hook's own secret, client for the application's."),
      .may("prefix", .text(.headerValue), "Signed before the body."),
    ]
    return [
      .init(word: "hmac-sha256", members: signed),
      .init(
        word: "timestamped-hmac",
        members: signed + [.may("tolerance", .text(.duration), "How old a message may be.")]),
      .init(
        word: "oidc-jwt",
        members: [
          .needs("issuer", .text(.absoluteURL), "Who signs the token."),
          .needs("audience", .text(.words), "Whom it must be for."),
          .may("email", .text(.words), "The service account that must have sent it."),
        ]),
      .init(word: "none", members: []),
    ]
  }()
}
