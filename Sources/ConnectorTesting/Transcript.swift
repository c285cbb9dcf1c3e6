public import ConnectorKit

/// What the platform answers to whom, in the order the connector asks.
///
/// Timers and the key-value state need no lines: the scripted host keeps a virtual clock and a store of its own.
public struct Transcript: Sendable, ExpressibleByArrayLiteral {
  public var exchanges: [Exchange]

  public init(_ exchanges: [Exchange]) { self.exchanges = exchanges }
  public init(arrayLiteral exchanges: Exchange...) { self.exchanges = exchanges }

  /// One request that must come next, and its answer.
  public struct Exchange: Sendable {
    public var method: String
    /// As the connector pushes it, query included.
    public var url: String
    /// ``url`` stands below the base of an endpoint, and the connector may push it with one.
    var isBelowBase = false
    /// The auth profile that must be named; nil: not looked at.
    public var auth: String?
    public var answer: HTTPAnswer
    /// How long the platform takes, on the virtual clock.
    public var delay: Duration
    /// Anything else the request must satisfy.
    public var check: (@Sendable (HTTPRequest) throws -> Void)?

    func fits(_ request: HTTPRequest) -> Bool {
      guard method == request.method else { return false }
      let hasBase = isBelowBase && request.url.contains("://")
      return url == request.url || hasBase && request.url.hasSuffix(url)
    }
  }
}

extension Transcript.Exchange {
  /// An answer with a JSON body.
  public static func http(
    _ method: String, _ url: String, auth: String? = nil, status: Int = 200, headers: [HeaderField] = [],
    json: String = "", outcome: OutcomeCode? = nil, platformCode: String = "", delay: Duration = .zero,
    check: (@Sendable (HTTPRequest) throws -> Void)? = nil
  ) -> Self {
    let answer = HTTPAnswer(
      outcome: outcome ?? OutcomeCode(httpStatus: status), status: status, headers: headers,
      body: json.isEmpty ? .bytes([], contentType: "") : .json(Array(json.utf8)),
      message: (200..<300).contains(status) ? "" : "the platform answered \(status)",
      platformCode: platformCode)
    return Self(method: method, url: url, auth: auth, answer: answer, delay: delay, check: check)
  }

  /// An answer that the host keeps as a blob, for a request with option `toBlob`.
  ///
  /// - Parameter number: the next after those of the input, in the order in which answers arrive.
  public static func blob(
    _ method: String, _ url: String, auth: String? = nil, headers: [HeaderField] = [], number: UInt64,
    size: UInt64, type: String, delay: Duration = .zero,
    check: (@Sendable (HTTPRequest) throws -> Void)? = nil
  ) -> Self {
    let range = BlobRange(blob: number, offset: 0, length: size)
    let answer = HTTPAnswer(
      outcome: .ok, status: 200, headers: headers, body: .blob(range, contentType: type))
    return Self(method: method, url: url, auth: auth, answer: answer, delay: delay, check: check)
  }

  /// The connection breaks, so that nobody knows whether the request took effect.
  public static func cut(_ method: String, _ url: String) -> Self {
    Self(
      method: method, url: url, auth: nil,
      answer: HTTPAnswer(outcome: .unknownOutcome, message: "the connection broke before the answer"),
      delay: .zero,
      check: nil)
  }
}

/// The connector asked for something else than the transcript expects.
public struct TranscriptMismatch: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
