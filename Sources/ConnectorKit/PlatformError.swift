/// An answer of the platform that is not a success, or the lack of one.
public struct PlatformError: Error, Sendable, Equatable {
  public let answer: HTTPAnswer
  /// For instance `POST /campaigns`.
  public let request: String

  public var code: OutcomeCode { answer.outcome }
  /// 0 when no answer came.
  public var status: Int { answer.status }

  public init(answer: HTTPAnswer, request: String) {
    self.answer = answer
    self.request = request
  }

  /// What the operation fails with when nobody catches this.
  public var operationError: OperationError {
    OperationError(
      answer.outcome, "\(request): \(answer.message)", retry: retry, httpStatus: answer.status,
      platformCode: answer.platformCode, requestID: answer.requestID)
  }

  private var retry: OperationError.Retry {
    switch answer.outcome {
    case .unknownOutcome: .unknownOutcome
    case .rateLimited: answer.retryAfter.map { .after($0) } ?? .safe
    case .upstream, .network, .timeout: .safe
    default: .no
    }
  }
}
