package import ConnectorModel

/// One HTTP exchange on the wire and nothing else: no redirect, no repeat, no policy: libcurl in production,
/// scripted in conformance.
package protocol Transport: Sendable {
  /// Begins the exchange and calls `done` exactly once, never inline.
  func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation
}

/// What goes on the wire.
///
/// Holds the injected credentials, so it is never printed.
package struct TransportRequest: Sendable {
  package var method: String
  /// Absolute and normalised.
  package var url: String
  package var headers: [HeaderField]
  package var body: TransportBody?
  /// Takes the body of a 2xx answer instead of memory; nil: none does.
  ///
  /// Its own limit holds then.
  package var sink: BlobWriter?
  /// It may change the platform's state: must reach the wire at most once.
  package var isWrite: Bool
  package var timeout: Duration
  /// Bytes, after decompression; a longer body fails with `tooLarge`.
  package var maximumResponse: Int
  /// Bytes of all header lines together.
  package var maximumHeaders: Int

  package init(
    method: String, url: String, headers: [HeaderField], body: TransportBody?,
    sink: BlobWriter? = nil,
    isWrite: Bool, timeout: Duration, maximumResponse: Int, maximumHeaders: Int = 64 * 1024
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.sink = sink
    self.isWrite = isWrite
    self.timeout = timeout
    self.maximumResponse = maximumResponse
    self.maximumHeaders = maximumHeaders
  }
}

package enum TransportResult: Sendable, Equatable {
  case answered(TransportAnswer)
  case failed(TransportFailure)
}

/// A complete answer.
package struct TransportAnswer: Sendable, Equatable {
  package var status: Int
  /// Names in lower case.
  package var headers: [HeaderField]
  /// Empty when the request's sink took it.
  package var body: [UInt8]
  package var network: Duration

  package init(status: Int, headers: [HeaderField], body: [UInt8], network: Duration = .zero) {
    self.status = status
    self.headers = headers
    self.body = body
    self.network = network
  }
}

/// Why no complete answer came.
package struct TransportFailure: Error, Sendable, Equatable {
  package enum Kind: String, Sendable {
    case resolve, connect, tls, refusedAddress, reset, truncated, malformed, tooLarge, timeout,
      /// HTTP/2 said that the stream was not processed.
      refusedStream,
      cancelled, other
  }

  package var kind: Kind
  /// False proves that no byte of the request left, so that repeating it is safe.
  package var requestMayHaveLeft: Bool
  /// One sentence without headers, body or query.
  package var message: String

  package init(kind: Kind, requestMayHaveLeft: Bool, message: String) {
    self.kind = kind
    self.requestMayHaveLeft = requestMayHaveLeft
    self.message = message
  }
}
