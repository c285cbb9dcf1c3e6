/// How a turn speaks to whoever drives the operation: the host behind the C table, or a test.
///
/// Alive only during the turn it was made for.
@_spi(Testing) public protocol Outlet {
  /// Pushes an effect; its result arrives with a later turn.
  func push(_ effect: Effect) -> UInt64
  /// The same without a copy, for the most frequent of them.
  func push(http request: HTTPRequest) -> UInt64
  func cancelEffect(_ id: UInt64)
  func emit(_ stream: String, _ payload: Payload) -> OutcomeCode
  func complete(_ json: [UInt8])
  func fail(_ error: OperationError)

  /// Nanoseconds since 1970, frozen for the turn.
  var unixNanoseconds: UInt64 { get }
  func random() -> UInt64
  var shouldStop: Bool { get }
  func log(_ level: LogLevel, _ message: String, _ fields: [HeaderField])
  func isLogged(_ level: LogLevel) -> Bool
  func metric(_ kind: MetricKind, _ name: String, _ value: Double, _ labels: [HeaderField])
}

@_spi(Testing) extension Outlet {
  public func push(http request: HTTPRequest) -> UInt64 { push(.http(request)) }
}

/// How much a log line matters.
public enum LogLevel: UInt32, Sendable { case trace = 1, debug, info, warning, error }

/// What a metric's value means.
public enum MetricKind: UInt32, Sendable { case counter = 1, gauge, histogram }
