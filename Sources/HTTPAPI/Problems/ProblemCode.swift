extension Problem {
  /// Stable names of everything that can be wrong, each with its one status.
  enum Code: String, Sendable, CaseIterable {
    // What the service says.
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case invalidInput = "invalid_input"
    case conflict
    case idempotencyConflict = "idempotency_conflict"
    case unsupported
    case rejectedByPlatform = "rejected_by_platform"
    case platformUnavailable = "platform_unavailable"
    case overloaded
    case storeUnavailable = "store_unavailable"
    case `internal`
    // What HTTP brings along.
    case malformedRequest = "malformed_request"
    case malformedJSON = "malformed_json"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case payloadTooLarge = "payload_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case headersTooLarge = "headers_too_large"
    /// The host did not come to an answer in time; what was asked may still happen.
    case answerTimeout = "answer_timeout"

    var status: Int {
      switch self {
      case .malformedRequest, .malformedJSON, .invalidInput: 400
      case .unauthenticated: 401
      case .forbidden: 403
      case .notFound: 404
      case .methodNotAllowed: 405
      case .requestTimeout: 408
      case .conflict, .idempotencyConflict: 409
      case .payloadTooLarge: 413
      case .unsupportedMediaType: 415
      case .unsupported, .rejectedByPlatform: 422
      case .headersTooLarge: 431
      case .internal: 500
      case .platformUnavailable: 502
      case .overloaded, .storeUnavailable, .answerTimeout: 503
      }
    }

    var title: String {
      switch self {
      case .unauthenticated: "No valid API key"
      case .forbidden: "Not allowed with this API key"
      case .notFound: "Not found"
      case .invalidInput: "Invalid input"
      case .conflict: "Not possible in this state"
      case .idempotencyConflict: "Idempotency key used for another body"
      case .unsupported: "Not supported by the platform"
      case .rejectedByPlatform: "Rejected by the platform"
      case .platformUnavailable: "Platform unavailable"
      case .overloaded: "Too much is waiting"
      case .storeUnavailable: "Store unavailable"
      case .internal: "Internal error"
      case .malformedRequest: "Malformed request"
      case .malformedJSON: "Malformed JSON"
      case .methodNotAllowed: "Method not allowed"
      case .requestTimeout: "Request took too long"
      case .payloadTooLarge: "Body too large"
      case .unsupportedMediaType: "Unsupported media type"
      case .headersTooLarge: "Headers too large"
      case .answerTimeout: "Answer took too long"
      }
    }
  }
}
