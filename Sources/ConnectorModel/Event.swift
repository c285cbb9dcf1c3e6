/// What the host tells a connector at the start of a turn.
public struct Event: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case http(HTTPAnswer)
    case keyValue(KeyValueAnswer)
    case timer
    /// Clean up and end; belongs to no effect.
    case cancel
  }

  /// The effect this answers, 0 for `cancel`.
  public var effect: UInt64
  public var kind: Kind

  public init(effect: UInt64, _ kind: Kind) {
    self.effect = effect
    self.kind = kind
  }
}

/// How an HTTP exchange ended, classified by the manifest's rules.
public struct HTTPAnswer: Sendable, Equatable {
  public var outcome: OutcomeCode
  /// 0 when no answer came.
  public var status: Int
  /// Names in lower case, in the order they came.
  public var headers: [HeaderField]
  public var body: Payload
  /// What went wrong, empty on `ok`.
  public var message: String
  public var platformCode: String
  public var requestID: String
  /// As the platform asked; nil when it did not.
  public var retryAfter: Duration?

  public init(
    outcome: OutcomeCode, status: Int = 0, headers: [HeaderField] = [],
    body: Payload = .bytes([], contentType: ""), message: String = "", platformCode: String = "",
    requestID: String = "", retryAfter: Duration? = nil
  ) {
    self.outcome = outcome
    self.status = status
    self.headers = headers
    self.body = body
    self.message = message
    self.platformCode = platformCode
    self.requestID = requestID
    self.retryAfter = retryAfter
  }
}

/// How an access to the connector's state ended.
public struct KeyValueAnswer: Sendable, Equatable {
  public var outcome: OutcomeCode
  /// The value read, or the current one after a `conflict`.
  public var value: [UInt8]
  /// The current version, 0 when absent.
  public var version: UInt64
  public var message: String

  public init(outcome: OutcomeCode, value: [UInt8] = [], version: UInt64 = 0, message: String = "") {
    self.outcome = outcome
    self.value = value
    self.version = version
    self.message = message
  }
}
