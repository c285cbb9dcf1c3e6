import ConnectorKit

/// The Marketing API as one operation sees it.
///
/// Every refusal is thrown as an `OperationError` that says what to do.
struct API: Sendable {
  let context: OperationContext
  /// The member of the input that names what is asked for, as a JSON pointer: to blame when there is no such thing.
  let subject: String

  init(_ context: OperationContext, subject: String = "") {
    self.context = context
    self.subject = subject
  }

  func get<Value: Decodable>(_ url: String) async throws -> Value {
    try await perform("GET", url, body: nil).json()
  }

  func put(_ url: String, _ body: some Encodable) async throws -> HTTPResponse {
    try await perform("PUT", url, body: .json(try StableJSON.encode(body)))
  }

  func post(_ url: String, _ body: some Encodable) async throws -> HTTPResponse {
    try await perform("POST", url, body: .json(try StableJSON.encode(body)))
  }

  /// A request whose method is told, with a body where there is one.
  func send(_ method: String, _ url: String, _ body: JSONValue?) async throws -> HTTPResponse {
    try await perform(method, url, body: try body.map { .json(try StableJSON.encode($0)) })
  }

  /// A body that is too large to be held here.
  func upload(_ url: String, _ body: Payload) async throws -> HTTPResponse {
    try await perform("POST", url, body: body)
  }

  /// Orders an action, which Mailchimp answers with 204 and nothing else.
  ///
  /// - Throws: `unknownOutcome` for any other success: whoever answered, it was not the action.
  func order(_ url: String, body: Payload? = nil) async throws {
    let answer = try await perform("POST", url, body: body)
    guard answer.status == 204 else {
      throw OperationError(
        .unknownOutcome, "POST \(url): answered with \(answer.status) instead of 204", retry: .unknownOutcome,
        httpStatus: answer.status)
    }
  }

  /// Whether there was something to remove at `url`; what is gone already is no failure, if its audience is there.
  ///
  /// - Parameter removal: removes what stands at `url`.
  func gone(_ url: String, _ removal: () async throws -> Void) async throws -> Bool {
    do {
      try await removal()
      return true
    } catch let error as OperationError where error.code == .notFound {
      let parts = url.split(separator: "/")
      if parts.count > 2, parts[0] == "lists" {
        let _: JSONValue = try await API(context, subject: "/audience").get("/lists/\(parts[1])?fields=id")
      }
      return false
    }
  }

  private func perform(_ method: String, _ url: String, body: Payload?) async throws -> HTTPResponse {
    do {
      return try await context.http(
        HTTPRequest(method: method, url: url, endpoint: "api", auth: "default", body: body))
    } catch let error as PlatformError {
      throw OperationError(refusal: error, subject: subject)
    }
  }
}
