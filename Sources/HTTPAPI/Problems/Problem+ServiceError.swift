internal import Ports
internal import Runtime

extension Problem {
  /// What a caller is told of an error; of one that nobody expected, nothing.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as ServiceError: self.init(service: error)
    default: self = .unexpected
    }
  }

  static let unexpected = Problem(
    .internal, "The host failed in a way that it did not expect; its log has this answer's X-Request-Id.")

  private init(service error: ServiceError) {
    var headers: [HeaderLine] = []
    switch error.code {
    case .internal:
      self = .unexpected
      return
    case .unauthenticated: headers.append(Self.challenge(forWrongKey: true))
    case .overloaded, .storeUnavailable, .platformUnavailable:
      let seconds = (error.retryAfter ?? .seconds(5)).components.seconds
      headers.append(HeaderLine("Retry-After", "\(max(1, seconds))"))
    default: break
    }
    self.init(Code(error.code), error.message, pointer: error.pointer, headers: headers)
  }

  /// RFC 6750 names the error only when a key was given.
  static func challenge(forWrongKey isWrong: Bool) -> HeaderLine {
    HeaderLine(
      "WWW-Authenticate", #"Bearer realm="patchbay""# + (isWrong ? #", error="invalid_token""# : ""))
  }
}

extension Problem.Code {
  init(_ code: ServiceError.Code) {
    self =
      switch code {
      case .unauthenticated: .unauthenticated
      case .forbidden: .forbidden
      case .notFound: .notFound
      case .invalidInput: .invalidInput
      case .conflict: .conflict
      case .idempotencyConflict: .idempotencyConflict
      case .unsupported: .unsupported
      case .rejectedByPlatform: .rejectedByPlatform
      case .platformUnavailable: .platformUnavailable
      case .overloaded: .overloaded
      case .storeUnavailable: .storeUnavailable
      case .internal: .internal
      }
  }
}
