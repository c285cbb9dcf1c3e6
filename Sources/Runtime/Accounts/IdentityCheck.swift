internal import ConnectorModel
internal import Manifest
internal import Operations
internal import Ports

/// Asks a platform whose account a connection is: the manifest's `identity` request.
struct IdentityCheck: Sendable {
  enum Finding: Sendable, Equatable {
    case account(id: String, name: String?, facts: [String: String])
    /// The manifest asks for no identity.
    case notAsked
    case refused(OutcomeCode, message: String)
  }

  let connector: ServedConnector
  /// The auth profile that the account was connected with.
  let profile: String
  let clock: any HostClock

  func run(for connection: Connection) async -> Finding {
    guard let identity = connector.manifest.identity else { return .notAsked }
    let request = HTTPRequest(
      method: "GET", url: identity.path, endpoint: identity.endpoint, auth: profile)
    let deadline = connector.manifest.limits.timeout.after(clock.unixNanoseconds)
    let operation = "identity-\(connection.id)"
    let scope = OperationScope(operation: operation, connection: connection, deadline: deadline)
    let performed = await connector.hosted.http.perform(request, for: scope)
    connector.hosted.http.operationEnded(operation)
    let answer = performed.answer
    guard answer.outcome == .ok else { return .refused(answer.outcome, message: answer.message) }
    guard let bytes = answer.body.inlineBytes,
      let value = try? StableJSON.decode(JSONValue.self, from: bytes),
      let id = identity.accountID.evaluate(in: value).first?.plainText
    else {
      return .refused(
        .upstream, message: "\(connector.manifest.name) did not say whose account it is")
    }
    var facts: [String: String] = [:]
    for (name, path) in identity.keep { facts[name] = path.evaluate(in: value).first?.plainText }
    return .account(
      id: id, name: identity.accountName?.evaluate(in: value).first?.plainText, facts: facts)
  }
}

extension HTTPPerformer {
  /// Performs one effect and suspends until it is delivered; a cancelled task gives it up.
  func perform(_ request: HTTPRequest, for operation: OperationScope) async -> PerformedHTTP {
    let cancellation = CancellationRelay()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        cancellation.set(perform(request, for: operation) { continuation.resume(returning: $0) })
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}

extension JSONValue {
  /// A string as it is, a number in its digits; nil for anything else or nothing.
  var plainText: String? {
    switch self {
    case .string(let text): text.isEmpty ? nil : text
    case .integer(let number): String(number)
    case .decimal(let number): "\(number)"
    case .null, .bool, .array, .object: nil
    }
  }
}
