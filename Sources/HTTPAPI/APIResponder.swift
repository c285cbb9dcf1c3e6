internal import ConnectorModel
internal import Ports
internal import Runtime

/// Answers requests: finds the route, asks for the key, reads the body, calls the handler, and knows no sockets.
struct APIResponder: Sendable {
  /// The parts of a head that matter here.
  struct Head: Sendable {
    var method: String
    var target: String
    var authorization: String?
    var apiKey: String?
    var contentType: String?
  }

  /// An answer and what the access log wants to know.
  struct Outcome: Sendable {
    var answer: Answer
    var route: String?
    var principal: Principal?
  }

  let table: RouteTable
  let service: any APIService
  /// Whether nobody but this machine can reach the host.
  let isLoopbackOnly: Bool

  /// - Parameters:
  ///   - file: the same body piece by piece, for routes that take files.
  ///   - body: reads what follows the head; neither is called when the answer is clear without it.
  func outcome(
    of head: Head, file: UploadBody? = nil,
    body: @escaping @Sendable () async throws(Problem) -> [UInt8]
  ) async -> Outcome {
    var outcome = Outcome(answer: .none)
    do {
      try await settle(
        &outcome, head, file ?? UploadBody { take in try await take(try await body()) }, body)
    } catch {
      outcome.answer = Problem(error).answer
    }
    return outcome
  }

  private func settle(
    _ outcome: inout Outcome, _ head: Head, _ file: UploadBody,
    _ body: @Sendable () async throws(Problem) -> [UInt8]
  ) async throws {
    let target = try RequestTarget(head.target)
    let (route, parameters) = try find(head.method, target.segments)
    outcome.route = route.template
    switch route.access {
    case .key(let scope): outcome.principal = try await principal(of: head, scope)
    case .everybodyOnLoopback(let scope) where !isLoopbackOnly:
      outcome.principal = try await principal(of: head, scope)
    case .everybody, .everybodyOnLoopback: break
    }
    switch route.handler {
    case .open(let respond):
      outcome.answer = await respond(service)
    case .keyed(let respond):
      guard let principal = outcome.principal else { throw Problem.unexpected }
      guard parameters.values.allSatisfy(TextForm.id.accepts) else {
        throw Problem(.notFound, "Nothing has such an id.")
      }
      let query = try Self.query(target.query, of: route)
      let call = Call(
        service: service, principal: principal, parameters: parameters, query: query,
        body: try Self.value(of: try await body(), contentType: head.contentType, for: route))
      outcome.answer = try await respond(call)
    case .streamed(let respond):
      guard let principal = outcome.principal else { throw Problem.unexpected }
      let query = try Self.query(target.query, of: route)
      let call = Call(
        service: service, principal: principal, parameters: parameters, query: query, body: nil)
      outcome.answer = try await respond(call, file)
    }
  }

  private func find(_ method: String, _ path: [String]) throws(Problem) -> (Route, [String: String]) {
    switch table.match(method, path) {
    case .route(let route, let parameters): return (route, parameters)
    case .none: throw Problem(.notFound, "There is no such route; /openapi.json lists them all.")
    case .otherMethods(let methods):
      let allowed = methods.joined(separator: ", ")
      throw Problem(
        .methodNotAllowed, "This route takes \(allowed).", headers: [HeaderLine("Allow", allowed)])
    }
  }

  private func principal(of head: Head, _ scope: APIKey.Scope) async throws -> Principal {
    switch Credentials(authorization: head.authorization, apiKey: head.apiKey) {
    case .none:
      throw Problem(
        .unauthenticated, "Send an API key: Authorization: Bearer pb_…, or X-API-Key: pb_….",
        headers: [Problem.challenge(forWrongKey: false)])
    case .unusable:
      throw Problem(
        .unauthenticated, "What was sent is no API key of Patchbay: they start with pb_.",
        headers: [Problem.challenge(forWrongKey: true)])
    case .key(let key):
      let principal = try await service.authenticate(key)
      guard principal.scopes.contains(scope) else {
        throw Problem(.forbidden, "This API key lacks the scope \(scope.rawValue).")
      }
      return principal
    }
  }

  // MARK: Input

  private static func query(_ pairs: [(name: String, value: String)], of route: Route) throws(Problem)
    -> [String: String]
  {
    var query: [String: String] = [:]
    for (name, value) in pairs {
      guard let parameter = route.query.first(where: { $0.name == name }) else {
        let known = route.query.map(\.name).joined(separator: ", ")
        throw Problem(
          .invalidInput,
          "This route takes \(known.isEmpty ? "no query parameter" : "no other query parameter than \(known)")."
        )
      }
      guard parameter.form.accepts(value) else {
        throw Problem(.invalidInput, "The query parameter \(name) must be \(parameter.form.words).")
      }
      guard query.updateValue(value, forKey: name) == nil else {
        throw Problem(.invalidInput, "The query parameter \(name) stands there twice.")
      }
    }
    return query
  }

  private static func value(of bytes: [UInt8], contentType: String?, for route: Route) throws(Problem)
    -> JSONValue?
  {
    guard route.body != nil else {
      // Some clients send an empty object where there is nothing to say.
      guard bytes.isEmpty || bytes == Array("{}".utf8) else {
        throw Problem(.invalidInput, "This route takes no body.")
      }
      return nil
    }
    let mediaType = (contentType ?? "").prefix { $0 != ";" }.lowercased()
    guard mediaType.split(separator: " ") == ["application/json"] else {
      throw Problem(.unsupportedMediaType, "The body must be JSON: send Content-Type: application/json.")
    }
    do {
      return try StableJSON.decode(JSONValue.self, from: bytes)
    } catch DecodingError.dataCorrupted(let context) {
      throw Problem(.malformedJSON, "The body is not JSON: \(context.debugDescription).")
    } catch {
      throw Problem(.malformedJSON, "The body is not JSON.")
    }
  }
}
