/// How something ended, chosen by what the caller should do about it.
///
/// The raw values are those of `patchbay.h`; a number that this build does not know reads as `unknown`.
public enum OutcomeCode: Int32, Sendable, Hashable, CaseIterable, Codable {
  case ok = 0
  case unknown = 1
  case unsupported = 2
  case invalidInput = 3
  case invalidState = 4
  /// The account has to be connected again.
  case unauthenticated = 5
  /// A scope or a role is missing.
  case permission = 6
  case notFound = 7
  case conflict = 8
  case rateLimited = 9
  case quota = 10
  /// The platform refused the content.
  case policy = 11
  /// The platform is at fault.
  case upstream = 12
  /// Nothing was sent.
  case network = 13
  case timeout = 14
  case cancelled = 15
  /// A rule of the connector contract was broken.
  case `protocol` = 16
  case `internal` = 17
  /// The request may have taken effect: look before doing it again.
  case unknownOutcome = 18

  /// The code behind a number that crossed the ABI.
  public init(abi status: Int32) {
    self = OutcomeCode(rawValue: status) ?? .unknown
  }

  /// The ABI's name in lower case, as manifests and printed outcomes write it: `rate_limited`.
  public var name: String {
    switch self {
    case .ok: "ok"
    case .unknown: "unknown"
    case .unsupported: "unsupported"
    case .invalidInput: "invalid_input"
    case .invalidState: "invalid_state"
    case .unauthenticated: "unauthenticated"
    case .permission: "permission"
    case .notFound: "not_found"
    case .conflict: "conflict"
    case .rateLimited: "rate_limited"
    case .quota: "quota"
    case .policy: "policy"
    case .upstream: "upstream"
    case .network: "network"
    case .timeout: "timeout"
    case .cancelled: "cancelled"
    case .protocol: "protocol"
    case .internal: "internal"
    case .unknownOutcome: "unknown_outcome"
    }
  }

  /// The code with this lower-case name, or nil.
  public init?(name: String) {
    guard let code = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = code
  }
}

extension OutcomeCode {
  /// What a status means when no rule of a manifest says otherwise.
  public init(httpStatus status: Int) {
    self =
      switch status {
      case 200..<300: .ok
      case 401: .unauthenticated
      case 403: .permission
      case 404: .notFound
      case 409: .conflict
      case 429: .rateLimited
      case 400..<500: .invalidInput
      case 500..<600: .upstream
      default: .unknown
      }
  }
}
