/// What `patchbay sandbox` prints as one JSON line when it can be used.
package struct ReadyLine: Codable, Sendable, Equatable {
  /// The base of plain HTTP: `http://127.0.0.1:4010`; the platform's host follows as first path segment.
  package var http: String
  /// The base of TLS: `https://127.0.0.1:4443`, for clients that map the platforms' hosts to it.
  package var tls: String
  /// The path of the certificate authority to trust.
  package var ca: String
}
