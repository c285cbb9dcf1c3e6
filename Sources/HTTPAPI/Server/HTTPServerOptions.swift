/// Where and how the API listens.
package struct HTTPServerOptions: Sendable {
  package enum TLS: Sendable, Equatable {
    /// A certificate for `localhost`, signed by a development authority; both are kept in this directory.
    case development(directory: String)
    /// PEM files; the first has the leaf, then what signed it.
    case files(certificate: String, key: String)
    /// Plain HTTP, on loopback only.
    case none
  }

  /// Bounds, all of them per host or per exchange.
  package struct Limits: Sendable {
    package var bodyBytes = 1 << 20
    /// All header lines of a request together, and the URL.
    package var headerBytes = 32 << 10
    package var headerLines = 100
    /// Open at the same time; more wait to be accepted.
    package var connections = 4096
    /// How long a connection may stay without a request.
    package var idle = Duration.seconds(60)
    /// From a request's head to the end of its body, and from there to the answer.
    package var request = Duration.seconds(30)
    /// The same for a file, which may be large.
    package var upload = Duration.seconds(3600)
    /// How long requests under way may take to finish when the server stops.
    package var drain = Duration.seconds(10)

    package init() {}
  }

  package var host: String
  /// 0 picks one.
  package var port: Int
  package var tls: TLS
  package var limits = Limits()

  package init(host: String = "127.0.0.1", port: Int = 3000, tls: TLS) {
    self.host = host
    self.port = port
    self.tls = tls
  }

  /// Whether nobody but this machine can reach it.
  package var isLoopbackOnly: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

/// Where the API listens, once it does.
package struct HTTPServerAddress: Sendable, Equatable {
  package var host: String
  package var port: Int
  /// For people and clients, without a slash at the end.
  package var url: String
  /// The development authority's certificate, for `curl --cacert`; nil with other certificates.
  package var authorityPath: String?
}
