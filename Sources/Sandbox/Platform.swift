package import ConnectorModel

/// A platform's simulator: a value that takes a request and a moment and gives an answer.
///
/// It does no I/O, reads no clock and draws its identifiers from its seed, so equal requests at equal moments
/// give equal answers. It is written from the platform's documents and knows nothing of any client.
package protocol Platform: Sendable {
  /// The platform's name in `/_sandbox/state/NAME`.
  static var name: String { get }

  /// The hosts it answers for, `*.` for any first label; they become names of the TLS certificate.
  static var hosts: [String] { get }

  init(seed: UInt64)

  /// Whose simultaneous requests are counted together, or nil where the platform counts none.
  func account(behind request: SandboxRequest) -> String?

  /// Applies the request and answers it.
  mutating func respond(to request: SandboxRequest, in moment: Moment) -> SandboxResponse

  /// What its clients see when an answer takes too long.
  static var timeout: GatewayTimeout { get }

  /// A URL that has to be tried with a GET before the request is served, as a webhook's; nil for most requests.
  func probe(before request: SandboxRequest) -> LoopbackURL?

  /// The calls it wants made now; each is under way until `close`.
  ///
  /// - Parameter realTime: what receivers' clocks show, for signatures.
  mutating func calls(at now: SandboxInstant, realTime: SandboxInstant) -> [OutboundCall]

  /// Takes how a call ended: the status, or nil where there was no answer.
  mutating func close(call id: Int, status: Int?, at now: SandboxInstant)

  /// When it may have calls to make next, if nobody asks it anything; nil for never.
  func nextWake(after now: SandboxInstant) -> SandboxInstant?

  /// Everything it holds, for a person or a test to look at.
  mutating func snapshot(at now: SandboxInstant) -> JSONValue
}

/// What surrounds one request.
package struct Moment: Sendable {
  package var now: SandboxInstant
  /// Requests of the same account that are not yet answered in full, this one included.
  package var requestsInFlight: Int
  /// What the URL of `probe(before:)` answered; nil where there was none, or no answer.
  package var probeStatus: Int?

  package init(now: SandboxInstant, requestsInFlight: Int = 1, probeStatus: Int? = nil) {
    self.now = now
    self.requestsInFlight = requestsInFlight
    self.probeStatus = probeStatus
  }
}

/// The answer of the servers in front of a platform to a request that takes too long.
package struct GatewayTimeout: Sendable {
  /// How long they wait, in sandbox time.
  package var afterMs: Int64
  package var answer: SandboxResponse
}

extension Platform {
  static func answers(for host: String) -> Bool {
    hosts.contains { HostPattern($0).matches(host) }
  }
}
