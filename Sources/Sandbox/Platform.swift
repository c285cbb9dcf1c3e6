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

  /// Everything it holds, for a person or a test to look at.
  mutating func snapshot(at now: SandboxInstant) -> JSONValue
}

/// What surrounds one request.
package struct Moment: Sendable {
  package var now: SandboxInstant
  /// Requests of the same account that are not yet answered in full, this one included.
  package var requestsInFlight: Int

  package init(now: SandboxInstant, requestsInFlight: Int = 1) {
    self.now = now
    self.requestsInFlight = requestsInFlight
  }
}

extension Platform {
  static func answers(for host: String) -> Bool {
    hosts.contains { HostPattern($0).matches(host) }
  }
}
