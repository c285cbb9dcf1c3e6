package import ConnectorModel

/// What a failed attempt calls for.
package enum FailureClass: String, Sendable, CaseIterable {
  case auth
  case permission
  case rateLimited = "rate_limited"
  case server
  case timeout
  case invalid
  case policy
  case unknown
  case cancelled
  case unclassified

  package init(_ error: OperationError) {
    let byCode = Self(error.code)
    self =
      switch error.retry {
      // The connector knows more than the code says.
      case .unknownOutcome: .unknown
      // A fault of the host, or of another operation: the job is as good as it was.
      case .safe where byCode == .unclassified: .server
      // Nobody says when it ends, and it may be a long time.
      case .no where error.code == .quota, .safe where error.code == .quota: .server
      default: byCode
      }
  }

  package init(_ code: OutcomeCode) {
    self =
      switch code {
      case .unauthenticated: .auth
      case .permission: .permission
      case .rateLimited, .quota: .rateLimited
      case .upstream: .server
      case .network, .timeout: .timeout
      case .invalidInput, .notFound, .conflict, .invalidState, .unsupported: .invalid
      case .policy: .policy
      case .unknownOutcome: .unknown
      case .cancelled: .cancelled
      case .ok, .unknown, .protocol, .internal: .unclassified
      }
  }

  /// A refusal says that the request did not take effect; other failures say nothing of earlier attempts.
  var isRefusal: Bool { self == .invalid || self == .policy }
}
