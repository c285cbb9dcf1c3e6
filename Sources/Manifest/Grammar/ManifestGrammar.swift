/// Every key that a manifest may have.
enum ManifestGrammar {
  static let root: Shape = .object([
    .needs("manifest", .integer(1...1), "Version of this format."),
    .needs("id", .text(.connectorID), "The connector, and the platform's name in routes and flags."),
    .needs("version", .text(.semanticVersion), "Semantic version of the connector."),
    .needs("name", .text(.words), "The platform's name for people."),
    .needs("library", library, "The shared library: one path, or a table of platforms."),
    .needs("abi", .object(abi), "The version of the connector ABI that the library speaks."),
    .may("isolation", .words(Manifest.Isolation.self), "Where the library runs; in-process by default."),
    .may(
      "concurrency", .words(Manifest.Concurrency.self),
      "Whether calls into one instance may overlap; parallel by default."),
    .needs("api", .object(api), "The platform's API that the connector was written for."),
    .needs("endpoints", .map(.name, .object(endpoint)), "The egress allow-list; anything else is refused."),
    .may("identity", .object(identity), "How the host learns whose account a connection is."),
    .may("auth", .map(.name, authProfile), "Named ways to authenticate."),
    .may("scopes", .map(.scope, .object(scope)), "What the platform has to grant, and why."),
    .may("limits", .object(limits), "What the platform, and the host, allow the connector."),
    .may("publish", .text(.actionName), "The write action that POST /api/publish runs."),
    .needs("actions", .map(.actionName, .object(action)), "What the connector can do."),
    .may("sync", .map(.actionName, .object(sync)), "Streams of records to fetch."),
    .may("webhooks", .map(.name, .object(webhook)), "What the platform sends."),
    .may(
      "errors", .list(.object(errorRule), atLeast: 0), "What kind of failure an answer is; first match wins."),
    .may("error_fields", .object(errorFields), "Where error answers carry what people need to see."),
    .may(
      "capabilities", .forms(scalar: nil, list: nil, mapping: .anything),
      "Made public as they are by GET /api/capabilities."),
    .may("health", .object(health), "How the connector's health is checked."),
    .may("env", .list(.text(.environmentName), atLeast: 0), "Environment variables that the manifest uses."),
    .may("config", .object(configuration), "What the library is given when it is created."),
    .may("extensions", .list(.text(.scope), atLeast: 0), "ABI extensions that the library asks for."),
  ])

  private static let libraryFile: Shape = .object([
    .needs("path", .text(.libraryPath), "Relative to the plugin search path, or absolute."),
    .may("sha256", .text(.sha256), "Refuse any other file."),
  ])

  private static let library: Shape = .forms(
    scalar: .text(.libraryPath), list: nil,
    mapping: .having(
      "path", libraryFile,
      otherwise: .map(
        .platformTuple, .forms(scalar: .text(.libraryPath), list: nil, mapping: libraryFile))))

  private static let abi: [Shape.Member] = [
    .needs("major", .integer(1...255), "Must be the host's."),
    .needs("minor", .integer(0...65535), "The host's or a lower one."),
  ]

  private static let api: [Shape.Member] = [
    .needs("version", .text(.apiVersion), "As the platform calls it, in quotes."),
    .may(
      "sunset", .nullable(.text(.date)), "The day the platform turns this version off, null when unknown."),
  ]

  private static let identity: [Shape.Member] = [
    .needs("request", .object(request), "Asked at connect and at each health check."),
    .needs("id", .text(.jsonPath), "The account's id in the answer."),
    .may("name", .text(.jsonPath), "The account's name in the answer."),
    .may("keep", .map(.variable, .text(.jsonPath)), "What else operations get as patchbay.account.NAME."),
  ]

  /// A request that the host makes by itself.
  static let request: [Shape.Member] = [
    .needs("endpoint", .text(.name), "One of endpoints."),
    .needs("path", .text(.requestPath), "Appended to the endpoint's base."),
    .may("method", .text(.httpMethod), "GET by default."),
    .may(
      "auth_style", .word(["oauth-header", "bearer", "basic"]), "How the token is sent, if not as injected."),
  ]

  private static let scope: [Shape.Member] = [
    .needs("why", .text(.words), "Told to the person who grants it."),
    .needs("required_by", .list(.text(.actionName), atLeast: 0), "Actions that fail without it."),
  ]

  private static let sync: [Shape.Member] = [
    .may("cursor", .word(["opaque"]), "The connector alone reads it."),
    .may("record", .text(.relativePath), "JSON Schema of one record."),
    .needs("every", .text(.duration), "Time between two runs."),
    .may("lookback", .text(.duration), "How far back each run looks again."),
  ]

  private static let errorRule: [Shape.Member] = [
    .needs(
      "when",
      .object([
        .may(
          "status", .oneOrMore(.integer(100...599)),
          "The answer's status, or several of which one must be it."),
        .may(
          "body",
          .forms(
            scalar: .word([ErrorRule.emptyBody]), list: nil,
            mapping: .map(
              .jsonPath, .forms(scalar: .anything, list: .list(.anything, atLeast: 1), mapping: nil))),
          "Paths and the value that stands there, or several of which one must; or `empty`: there is no body."
        ),
      ]), "What the answer looks like."),
    .needs("then", .word(OutcomeName.all), "The outcome's name."),
  ]

  private static let errorFields: [Shape.Member] = [
    .may("code", .text(.jsonPath), "The platform's own code."),
    .may("message", .text(.jsonPath), "The platform's own words."),
    .may("request_id", .text(.headerName), "The header that names the request."),
  ]

  private static let health: [Shape.Member] = [
    .may("shallow", .object([]), "Looks at the connection without asking the platform."),
    .may(
      "deep", .object([.needs("action", .text(.actionName), "Run to see whether the platform answers.")]),
      "Asks the platform."),
  ]

  private static let configuration: [Shape.Member] = [
    .needs("schema", .text(.relativePath), "JSON Schema of the values."),
    .may("values", .anything, "Given to the library when it is created."),
  ]
}
