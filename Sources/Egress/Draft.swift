internal import ConnectorModel
internal import Manifest
internal import Ports

/// A request that the rules let pass, without its secret.
struct Draft: Sendable {
  /// As it goes on the wire; holds the secret, so it is never printed.
  struct Wired: Sendable {
    var url: NormalizedURL
    var headers: [HeaderField]
    var redaction: Redaction
  }

  private(set) var destination: Destination
  private(set) var body: RequestBody?
  /// The connector's own.
  private var headers: [HeaderField]
  private let idempotencyKey: String
  private let userAgent: String

  init(
    _ request: HTTPRequest, to destination: Destination, of edge: Egress, for scope: OperationScope
  )
    throws(EgressError)
  {
    if request.options.contains(.toBlob) { try Self.checkKeeping(at: destination, scope) }
    try destination.rules.headers.check(request.headers, endpoint: destination.name)
    guard HeaderRules.isValue(request.idempotencyKey), request.idempotencyKey.utf8.count <= 255 else {
      throw EgressError(.invalidInput, "the idempotency key has a control character or more than 255 bytes")
    }
    body = try RequestBody(request.body, blobs: scope.blobs, seed: scope.seed)
    guard body == nil || !["GET", "HEAD"].contains(request.method) else {
      throw EgressError(.invalidInput, "a \(request.method) request cannot have a body")
    }
    self.destination = destination
    headers = request.headers
    idempotencyKey = request.idempotencyKey
    userAgent = edge.userAgent
  }

  private static func checkKeeping(at destination: Destination, _ scope: OperationScope)
    throws(EgressError)
  {
    guard scope.blobs.keeper != nil else {
      throw EgressError(.unsupported, "this host keeps no answers as blobs; ask without TO_BLOB")
    }
    // A blob's bytes are streamed, and never parsed.
    guard destination.endpoint.capture.isEmpty else {
      throw .refused(
        endpoint: destination.name,
        "its answers may hold secrets to capture, so none is kept as a blob")
    }
  }

  /// Adds the manifest's headers, the host's and the credential.
  func wired(with credential: Credential?, by injector: AuthInjector) throws(EgressError) -> Wired {
    let fixed = destination.endpoint.headers
    var wired = Wired(
      url: destination.url, headers: headers.filter { fixed[$0.name] == nil } + fixed, redaction: .nothing)
    if let body, wired.headers["content-type"] == nil {
      wired.headers.append(HeaderField("Content-Type", body.contentType))
    }
    if wired.headers["user-agent"] == nil { wired.headers.append(HeaderField("User-Agent", userAgent)) }
    if !idempotencyKey.isEmpty { wired.headers.append(HeaderField("Idempotency-Key", idempotencyKey)) }
    if let credential { wired.redaction = try injector.inject(credential, into: &wired.url, &wired.headers) }
    return wired
  }

  /// The same wish where a redirect sent it.
  func following(_ hop: RedirectPolicy.Hop) -> Draft {
    var next = self
    next.destination = hop.destination
    if !hop.keepsBody {
      next.body = nil
      next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    }
    return next
  }

  /// What a connector is told of a redirect that is not followed.
  func refusedRedirect(_ answer: Finding.Answer, _ rule: String) -> HTTPAnswer {
    // 301 to 303 point to the result of what was done; 307 and 308 did nothing.
    let mayBeDone = destination.isWrite && answer.status < 307
    return HTTPAnswer(
      outcome: mayBeDone ? .unknownOutcome : .permission, status: answer.status, headers: answer.headers,
      message: rule, requestID: answer.verdict.requestID)
  }

  /// Whether a live handle stands where it would be sent as text.
  func showsHandle(of operation: String, in secrets: CapturedSecrets) -> Bool {
    guard secrets.isKnown(operation) else { return false }
    let texts = [destination.url.text, idempotencyKey] + headers.flatMap { [$0.name, $0.value] }
    return texts.contains { secrets.isHandle(in: $0.utf8, operation: operation) }
      || (body?.inlineTexts ?? []).contains { secrets.isHandle(in: $0, operation: operation) }
  }
}
