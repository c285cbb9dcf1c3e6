internal import ConnectorModel

/// Mailchimp: the Marketing API 3.0 of one account in data centre us19, and its OAuth host.
///
/// Written from Mailchimp's documentation. Accepted are the key `sandbox-us19` and the tokens its OAuth host issues.
struct Mailchimp: Platform {
  static let name = "mailchimp"
  static let hosts = ["*.api.mailchimp.com", "api.mailchimp.com", loginHost]
  static let loginHost = "login.mailchimp.com"
  static let dataCentre = "us19"
  static let apiKey = "sandbox-us19"
  /// Mailchimp limits connections, not a rate: this many for each user at the same time.
  static let simultaneousRequests = 10
  /// Requests in flight plus refusals of the last second, above which a refusal has no body.
  static let bareRefusalPressure = 20

  var identifiers: MailchimpIdentifiers
  var lists: [Audience]
  var campaigns: [Campaign] = []
  var login = MailchimpLogin()
  /// What was really sent, one entry a campaign, in order.
  var sends: [MailchimpSend] = []
  var testSends: [MailchimpTestSend] = []
  private var refusals: [SandboxInstant] = []

  init(seed: UInt64) {
    var identifiers = MailchimpIdentifiers(seed: seed)
    lists = [Audience.seeded(&identifiers)]
    self.identifiers = identifiers
  }

  func account(behind request: SandboxRequest) -> String? {
    guard request.host != Self.loginHost, (try? authorize(request)) != nil else { return nil }
    return MailchimpAccount.userID
  }

  mutating func respond(to request: SandboxRequest, in moment: Moment) -> SandboxResponse {
    settle(at: moment.now)
    if request.host == Self.loginHost {
      return login.respond(to: request, at: moment.now, identifiers: &identifiers)
    }
    let requestID = identifiers.uuid()
    do throws(MailchimpProblem) {
      let answer = try answer(request, in: moment)
      return try Self.response(answer, request: request, requestID: requestID)
    } catch {
      if error == .tooManyRequests, refuse(in: moment) { return SandboxResponse(status: 429) }
      return response(error, request: request, requestID: requestID)
    }
  }

  private mutating func answer(
    _ request: SandboxRequest, in moment: Moment
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    if let name = request.header("X-Trigger-Error"), let problem = MailchimpProblem.triggered[name] {
      throw problem
    }
    try authorize(request)
    guard moment.requestsInFlight <= Self.simultaneousRequests else { throw .tooManyRequests }
    var segments = request.segments
    guard !segments.isEmpty, segments.removeFirst() == "3.0" else { throw .notFound }
    var method = request.method
    if let override = request.header("X-HTTP-Method-Override") {
      guard method == "POST" else { throw .methodOverride }
      method = override.uppercased()
    }
    let matches = MailchimpRoute.all.compactMap { route in route.parameters(of: segments).map { (route, $0) }
    }
    guard !matches.isEmpty else { throw .notFound }
    guard let (route, parameters) = matches.first(where: { $0.0.method == method }) else {
      throw .notAllowed(
        "The requested method and resource are not compatible. See the Allow header for this resource's "
          + "available methods.", allow: matches.map(\.0.method).joined(separator: ", "))
    }
    let call = MailchimpCall(
      now: moment.now, host: request.host, query: request.query, parameters: parameters,
      body: try Self.body(of: request, method: method))
    return try route.handle(&self, call)
  }

  /// A body that is empty or `null` is none: official clients send `null` with their actions.
  private static func body(of request: SandboxRequest, method: String) throws(MailchimpProblem) -> JSONValue?
  {
    guard method != "GET", !request.body.isEmpty else { return nil }
    guard let value = JSONValue.parse(request.body) else { throw .brokenJSON }
    return value == .null ? nil : value
  }

  @discardableResult
  private func authorize(_ request: SandboxRequest) throws(MailchimpProblem) -> String {
    guard let header = request.header("Authorization"), let credential = MailchimpCredential(header: header)
    else {
      throw .keyMissing
    }
    let centre = request.host.split(separator: ".").first.map(String.init) ?? ""
    guard centre == Self.dataCentre || request.host == "api.mailchimp.com" else { throw .keyInvalid }
    guard
      credential.secret == Self.apiKey || (credential.scheme == .bearer && login.hasIssued(credential.secret))
    else { throw .keyInvalid }
    return MailchimpAccount.userID
  }

  /// Counts a refusal; returns whether there are so many that it has no body.
  private mutating func refuse(in moment: Moment) -> Bool {
    refusals.removeAll { $0 < moment.now.advanced(byMilliseconds: -1000) }
    let isFlood = refusals.count + moment.requestsInFlight > Self.bareRefusalPressure
    refusals.append(moment.now)
    return isFlood
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
