/// Why an operation failed, in the words of the connector or of the host.
///
/// No field holds a secret, a header or a body.
public struct OperationError: Error, Sendable, Equatable {
  /// Whether the error invites another attempt.
  public enum Retry: Sendable, Equatable {
    case no
    case safe
    case after(Duration)
    /// It may have taken effect: reconcile first.
    case unknownOutcome
  }

  public var code: OutcomeCode
  /// For developers.
  public var message: String
  public var retry: Retry
  /// The HTTP status behind the error, 0 when there is none.
  public var httpStatus: Int
  /// For the person who publishes; empty when there is nothing to tell.
  public var userMessage: String
  /// The platform's own code as it came, for instance `190/463`; empty when unknown.
  public var platformCode: String
  public var requestID: String
  /// A JSON pointer into the input when the input is at fault.
  public var pointer: String
  /// Empty or one JSON value.
  public var detail: [UInt8]

  public init(
    _ code: OutcomeCode, _ message: String, retry: Retry = .no, httpStatus: Int = 0,
    userMessage: String = "", platformCode: String = "", requestID: String = "",
    pointer: String = "", detail: [UInt8] = []
  ) {
    self.code = code
    self.message = message
    self.retry = retry
    self.httpStatus = httpStatus
    self.userMessage = userMessage
    self.platformCode = platformCode
    self.requestID = requestID
    self.pointer = pointer
    self.detail = detail
  }
}

extension OperationError: CustomStringConvertible {
  public var description: String { "\(code.name): \(message)" }
}
