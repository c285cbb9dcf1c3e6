package import ConnectorModel

/// Why the edge did not deliver an answer of the platform: what the connector is told, in one sentence.
package struct EgressError: Error, Sendable, Equatable, CustomStringConvertible {
  package var outcome: OutcomeCode
  package var message: String
  package var retryAfter: Duration?

  package init(_ outcome: OutcomeCode, _ message: String, retryAfter: Duration? = nil) {
    self.outcome = outcome
    self.message = message
    self.retryAfter = retryAfter
  }

  package var description: String { "\(outcome.name): \(message)" }
}

extension EgressError {
  /// A rule of the manifest or of the host forbids the request; nothing was sent.
  static func refused(endpoint: String, _ rule: String) -> EgressError {
    EgressError(.permission, "request to endpoint `\(endpoint.asShortLabel)` refused: \(rule)")
  }
}

extension String {
  /// A connector's word made fit for a message: printable ASCII, at most 64 characters.
  var asShortLabel: String {
    String(unicodeScalars.prefix(64).map { (0x20...0x7e).contains($0.value) ? Character($0) : "?" })
  }
}
