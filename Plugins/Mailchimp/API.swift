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

  /// Orders an action of a campaign, which Mailchimp answers with 204 and nothing else.
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

  private func perform(_ method: String, _ url: String, body: Payload?) async throws -> HTTPResponse {
    do {
      return try await context.http(
        HTTPRequest(method: method, url: url, endpoint: "api", auth: "default", body: body))
    } catch let error as PlatformError {
      throw OperationError(refusal: error, subject: subject)
    }
  }
}
