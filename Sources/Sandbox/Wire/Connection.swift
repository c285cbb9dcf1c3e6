internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Builds the handlers of one accepted connection, from the socket up.
enum Connection {
  /// - Parameter tls: nil for the plain listener, which alone has the control endpoint.
  static func configure(
    _ channel: any Channel, core: SandboxCore, courier: Courier, tls: NIOSSLContext?, maximumBodyBytes: Int
  ) throws {
    let handlers = channel.pipeline.syncOperations
    // Below TLS, so that a cut is a cut of the socket and not an orderly end of the session.
    try handlers.addHandler(SocketCut())
    if let tls { try handlers.addHandler(NIOSSLServerHandler(context: tls)) }
    try handlers.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
    try handlers.addHandler(
      RequestHandler(
        core: core, courier: courier, hostIsInPath: tls == nil, maximumBodyBytes: maximumBodyBytes))
  }
}
