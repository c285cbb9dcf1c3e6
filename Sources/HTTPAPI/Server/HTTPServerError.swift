/// What kept the API from listening.
package enum HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
  case plainBeyondLoopback(host: String)
  case certificate(reason: String)
  case cannotListen(host: String, port: Int, reason: String)
  /// ``HTTPServer/run()`` was called twice.
  case alreadyRun

  package var description: String {
    switch self {
    case .plainBeyondLoopback(let host):
      "plain HTTP is for this machine alone and \(host) is not: listen on 127.0.0.1, or use TLS"
    case .certificate(let reason):
      "the certificate of the HTTP API cannot be used: \(reason)"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host) port \(port): \(reason); choose another host or port"
    case .alreadyRun: "an HTTP server runs once: make a new one"
    }
  }
}
