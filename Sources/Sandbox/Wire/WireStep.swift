/// One thing to do on a connection, in order, to answer one request.
enum WireStep: Sendable, Equatable {
  case send([UInt8])
  case pause(milliseconds: Int)
  /// Waits for a moment of sandbox time, which `POST /_sandbox/clock` may bring at once.
  case wait(until: SandboxInstant)
  /// The answer is complete; the connection may carry the next request or not.
  case finish(keepAlive: Bool)
  /// Ends the connection in order, without a TLS close alert: the peer sees the end of the stream.
  case close
  /// Ends the connection with a TCP reset.
  case reset
}
