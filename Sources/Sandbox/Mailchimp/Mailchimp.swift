internal import ConnectorModel

/// Mailchimp: the Marketing API 3.0 of one account in data centre us19, and its OAuth host.
///
/// Written from Mailchimp's documentation. Accepted are the keys of `MailchimpUser` and the tokens its OAuth
/// host issues.
struct Mailchimp: Platform {
  static let name = "mailchimp"
  static let hosts = ["*.api.mailchimp.com", "api.mailchimp.com", loginHost, archiveHost, fileHost]
  static let loginHost = "login.mailchimp.com"
  static let dataCentre = "us19"
  /// Mailchimp limits connections, not a rate: this many for each user at the same time.
  static let simultaneousRequests = 10
  /// Requests in flight plus refusals of the last second, above which a refusal has no body.
  static let bareRefusalPressure = 20
  /// As many above which the refusal is a 403.
  static let forbiddenPressure = 80
  static let timeout = GatewayTimeout(
    afterMs: 120_000,
    answer: SandboxResponse(
      status: 502, headers: [NamedText("Content-Type", "text/html")],
      body: Array(
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n".utf8
      )))

  var identifiers: MailchimpIdentifiers
  var lists: [Audience]
  var campaigns: [Campaign] = []
  var login = MailchimpLogin()
  /// What was really sent, one entry a campaign, in order.
  var sends: [MailchimpSend] = []
  var testSends: [MailchimpTestSend] = []
  var outbox = Outbox()
  var batches: [Batch] = []
  var batchWebhooks: [BatchWebhook] = []
  var library = MailchimpLibrary()
  /// To be forgotten whenever a request may have changed something.
  var agenda = Agenda.unknown
  private var refusals: [SandboxInstant] = []

  init(seed: UInt64) {
    var identifiers = MailchimpIdentifiers(seed: seed)
    lists = [Audience.seeded(&identifiers)]
    self.identifiers = identifiers
  }

  func account(behind request: SandboxRequest) -> String? {
    guard Self.isAPI(request.host) else { return nil }
    return (try? authorize(request))?.id
  }

  private static func isAPI(_ host: String) -> Bool { ![loginHost, archiveHost, fileHost].contains(host) }

  mutating func respond(to request: SandboxRequest, in moment: Moment) -> SandboxResponse {
    settle(at: moment.now)
    switch request.host {
    case Self.loginHost: return login.respond(to: request, at: moment.now, identifiers: &identifiers)
    case Self.archiveHost: return archiveResponse(to: request, at: moment.now)
    case Self.fileHost: return library.download(request)
    default: break
    }
    let requestID = identifiers.uuid()
    do throws(MailchimpProblem) {
      let answer = try answer(request, in: moment)
      return try Self.response(answer, request: request, requestID: requestID)
    } catch {
      if error == .tooManyRequests, let status = refuse(in: moment) { return SandboxResponse(status: status) }
      return response(error, request: request, requestID: requestID)
    }
  }

  private mutating func answer(
    _ request: SandboxRequest, in moment: Moment
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    if let name = request.header("X-Trigger-Error"), let problem = MailchimpProblem.triggered[name] {
      throw problem
    }
    let user = try authorize(request)
    guard moment.requestsInFlight <= Self.simultaneousRequests else { throw .tooManyRequests }
    var segments = request.segments
    guard !segments.isEmpty, segments.removeFirst() == "3.0" else { throw .notFound }
    var method = request.method
    if let override = request.header("X-HTTP-Method-Override") {
      guard method == "POST" else { throw .methodOverride }
      method = override.uppercased()
    }
    let (route, parameters) = try MailchimpRoute.find(method, segments)
    try user.check(route)
    let call = MailchimpCall(
      now: moment.now, host: request.host, query: request.query, parameters: parameters,
      body: try Self.body(request.body, method: method), user: user, probeStatus: moment.probeStatus)
    if route.method != "GET" { agenda = .unknown }
    return try route.handle(&self, call)
  }

  /// A body that is empty or `null` is none: official clients send `null` with their actions.
  static func body(_ bytes: [UInt8], method: String) throws(MailchimpProblem) -> JSONValue? {
    guard method != "GET", !bytes.isEmpty else { return nil }
    guard let value = JSONValue.parse(bytes) else { throw .brokenJSON }
    // As a condition with nil in it this would be a null, not nothing.
    if value == .null { return nil }
    return value
  }

  func authorize(_ request: SandboxRequest) throws(MailchimpProblem) -> MailchimpUser {
    guard let header = request.header("Authorization"), let credential = MailchimpCredential(header: header)
    else {
      throw .keyMissing
    }
    let centre = request.host.split(separator: ".").first.map(String.init) ?? ""
    guard centre == Self.dataCentre || request.host == "api.mailchimp.com" else { throw .keyInvalid }
    if let user = MailchimpUser.keys[credential.secret] { return user }
    guard credential.scheme == .bearer, login.hasIssued(credential.secret) else { throw .keyInvalid }
    return .owner
  }

  /// Counts a refusal; returns its status where there are so many that it has no body.
  private mutating func refuse(in moment: Moment) -> Int? {
    refusals.removeAll { $0 < moment.now.advanced(byMilliseconds: -1000) }
    let pressure = refusals.count + moment.requestsInFlight
    refusals.append(moment.now)
    return pressure > Self.forbiddenPressure ? 403 : pressure > Self.bareRefusalPressure ? 429 : nil
  }

  private static func response(
    _ answer: MailchimpAnswer, request: SandboxRequest, requestID: String
  ) throws(MailchimpProblem) -> SandboxResponse {
    guard let value = answer.value else {
      return SandboxResponse(status: 204, headers: [NamedText("X-Request-Id", requestID)])
    }
    let filtered = try PartialResponse(query: request.query).apply(to: value, shape: answer.shape ?? value)
    return .json(
      filtered, headers: headers(request, requestID, schema: "Definitions/\(answer.schema)/Response.json"))
  }

  private mutating func response(
    _ problem: MailchimpProblem, request: SandboxRequest, requestID: String
  ) -> SandboxResponse {
    var headers = Self.headers(request, requestID, schema: "ProblemDetailDocument.json")
    if let allow = problem.allow { headers.append(NamedText("Allow", allow)) }
    return .json(
      problem.body(instance: identifiers.uuid()), status: problem.status,
      contentType: "application/problem+json; charset=utf-8", headers: headers)
  }

  private static func headers(_ request: SandboxRequest, _ requestID: String, schema: String) -> [NamedText] {
    [
      NamedText("X-Request-Id", requestID),
      NamedText("Link", "<https://\(request.host)/schema/3.0/\(schema)>; rel=\"describedBy\""),
    ]
  }
}
