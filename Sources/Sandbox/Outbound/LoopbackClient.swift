internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// A small HTTP/1.1 client for calls to this machine: one connection each, ten seconds at most.
///
/// Certificates are not checked: what listens on loopback has one that its developer made.
enum LoopbackClient {
  private static let patience = TimeAmount.seconds(10)

  /// The status that was answered, or nil where there was no answer in time.
  ///
  /// The future never fails.
  static func send(_ call: OutboundCall, on loop: any EventLoop) -> EventLoopFuture<Int?> {
    let promise = loop.makePromise(of: Int?.self)
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let handlers = channel.pipeline.syncOperations
        if call.url.isSecure { try handlers.addHandler(try tls(for: call.url)) }
        try handlers.addHTTPClientHandlers()
        try handlers.addHandler(AnswerReader(call: call, promise: promise, patience: patience))
      }
    }
    bootstrap.connect(host: call.url.address, port: call.url.port).whenFailure { _ in promise.succeed(nil) }
    return promise.futureResult
  }

  private static func tls(for url: LoopbackURL) throws -> NIOSSLClientHandler {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    configuration.applicationProtocols = ["http/1.1"]
    return try NIOSSLClientHandler(
      context: try NIOSSLContext(configuration: configuration),
      serverHostname: url.host == "localhost" ? "localhost" : nil)
  }
}

/// Sends one request as soon as its connection stands, and waits for the end of the answer.
private final class AnswerReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let call: OutboundCall
  private let promise: EventLoopPromise<Int?>
  private let patience: TimeAmount
  private var status: Int?
  private var isSettled = false
  private var deadline: Scheduled<Void>?

  init(call: OutboundCall, promise: EventLoopPromise<Int?>, patience: TimeAmount) {
    self.call = call
    self.promise = promise
    self.patience = patience
  }

  func channelActive(context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
      self.settle(nil, context)
    }
    var headers = HTTPHeaders(call.headers.map { ($0.name, $0.value) })
    headers.add(name: "Host", value: call.url.authority)
    headers.add(name: "Connection", value: "close")
    headers.add(name: "Content-Length", value: "\(call.body.count)")
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: call.method), uri: call.url.target, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: call.body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body: break
    case .end: settle(status, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    settle(nil, context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { settle(nil, context) }

  private func settle(_ status: Int?, _ context: ChannelHandlerContext) {
    guard !isSettled else { return }
    isSettled = true
    deadline?.cancel()
    promise.succeed(status)
    context.close(promise: nil)
  }
}
