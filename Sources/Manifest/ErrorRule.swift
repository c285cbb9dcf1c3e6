package import ConnectorModel

/// One line of `errors:`: what kind of failure an answer is.
package struct ErrorRule: Sendable, Equatable {
  /// As manifests write that there is no body.
  static let emptyBody = "empty"

  /// Nil matches every status that is not 2xx.
  package var status: Int?
  /// Path to the text or number that must stand there; all must match.
  package var body: [(path: JSONPath, equals: JSONValue)]
  /// The answer has no body, although it could have one.
  package var needsEmptyBody: Bool
  package var then: OutcomeCode

  package static func == (left: ErrorRule, right: ErrorRule) -> Bool {
    left.status == right.status && left.then == right.then
      && left.body.map(\.path) == right.body.map(\.path)
      && left.body.map(\.equals) == right.body.map(\.equals) && left.needsEmptyBody == right.needsEmptyBody
  }

  package init(
    status: Int? = nil, body: [(path: JSONPath, equals: JSONValue)] = [], needsEmptyBody: Bool = false,
    then: OutcomeCode
  ) {
    self.status = status
    self.body = body
    self.needsEmptyBody = needsEmptyBody
    self.then = then
  }
}

/// Where error answers carry what people need to see.
package struct ErrorFields: Sendable, Equatable {
  package var code: JSONPath?
  package var message: JSONPath?
  /// A response header's name.
  package var requestID: String?

  package init(code: JSONPath? = nil, message: JSONPath? = nil, requestID: String? = nil) {
    self.code = code
    self.message = message
    self.requestID = requestID
  }
}
