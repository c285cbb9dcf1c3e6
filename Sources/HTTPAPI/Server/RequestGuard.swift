internal import NIOCore
internal import NIOHTTP1

/// Watches one connection below Hummingbird: bounds the time of each exchange, says in the API's own form what
/// Hummingbird says with an empty 400, and closes connections on which something unread still comes in.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// How long a client has to take an answer from a connection that is given up.
  private static let farewell = TimeAmount.seconds(1)

  private let limit: TimeAmount
  private let uploadLimit: TimeAmount
  /// The latest request brings a file.
  private var isUpload = false
  private let onRefusal: @Sendable (AccessRecord) -> Void
  private var machine = ExchangeMachine()
  private var timer: Scheduled<Void>?
  private var closing: Scheduled<Void>?
  /// Answers whose last bytes the kernel has not taken.
  private var unsentAnswers = 0
  private var closesWhenSent = false
  /// What made the decoder give up; later errors only follow from it.
  private var firstError: (any Error)?

  init(
    limit: Duration, uploadLimit: Duration, onRefusal: @escaping @Sendable (AccessRecord) -> Void
  ) {
    self.limit = TimeAmount(limit)
    self.uploadLimit = TimeAmount(uploadLimit)
    self.onRefusal = onRefusal
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    closing?.cancel()
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      machine.requestBegan(isLast: !head.isKeepAlive)
      isUpload = head.method == .POST && head.uri.prefix { $0 != "?" } == "/api/uploads"
      if machine.pending == 1 { startTimer(context) }
    case .body: break
    case .end: machine.requestEnded()
    }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    firstError = firstError ?? error
    context.fireErrorCaught(error)
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let part = unwrapOutboundIn(data)
    let decision =
      switch part {
      case .head(let head):
        machine.replyBegan(isLast: head.headers[canonicalForm: "connection"].contains("close"))
      case .body, .end: machine.replyGoesOn
      }
    switch decision {
    case .pass:
      if case .end = part { writeEnd(data, promise, context) } else { context.write(data, promise: promise) }
    case .drop: promise?.succeed()
    case .replace:
      promise?.succeed()
      refuse(Self.problem(for: firstError), context)
    }
    guard case .end = part, decision == .pass else { return }
    timer?.cancel()
    switch machine.replyEnded() {
    case .nothing: if machine.pending > 0 { startTimer(context) }
    case .close: closeSoon(context, after: .zero)
    case .closeSoon: closeSoon(context, after: Self.farewell)
    }
  }

  /// Writes the end of an answer and remembers it until the kernel has it.
  private func writeEnd(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext)
  {
    let sent = promise ?? context.eventLoop.makePromise()
    unsentAnswers += 1
    sent.futureResult.assumeIsolated().whenComplete { _ in
      self.unsentAnswers -= 1
      if self.unsentAnswers == 0, self.closesWhenSent { context.close(promise: nil) }
    }
    context.write(data, promise: sent)
  }

  /// Lets answers out first: whoever closes, Hummingbird included, would else cut what the kernel has not taken yet.
  ///
  /// A client that takes nothing has as long as for a request.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, unsentAnswers > 0 else {
      context.close(mode: mode, promise: promise)
      return
    }
    if let promise { context.channel.closeFuture.cascade(to: promise) }
    guard !closesWhenSent else { return }
    closesWhenSent = true
    closing?.cancel()
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
  }

  private static func problem(for error: (any Error)?) -> Problem {
    if case .headerOverflow = error as? HTTPParserError {
      return Problem(.headersTooLarge, "The URL and the header lines together are too long, or too many.")
    }
    return Problem(.malformedRequest, "This is no HTTP/1.1 request that can be understood.")
  }

  // MARK: Time

  private func startTimer(_ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: isUpload ? uploadLimit : limit) {
      self.timeIsUp(context)
    }
  }

  private func timeIsUp(_ context: ChannelHandlerContext) {
    switch machine.timeIsUp() {
    case .nothing: break
    case .request:
      refuse(Problem(.requestTimeout, "The request did not come to its end in time."), context)
    case .answer:
      refuse(
        Problem(
          .answerTimeout,
          "The host did not come to an answer in time; what was asked may still happen: look before asking again.",
          headers: [HeaderLine("Retry-After", "5")]), context)
    case .cut: context.close(promise: nil)
    }
  }

  /// Answers in the server's place, and ends the connection.
  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    var answer = problem.answer
    answer.closesConnection = true
    let id = RequestID.make()
    let lines = answer.headerLines(requestID: id)
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: answer.status),
      headers: HTTPHeaders(lines.map { ($0.name, $0.value) }))
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
    writeEnd(wrapOutboundOut(.end(nil)), nil, context)
    context.flush()
    onRefusal(
      AccessRecord(
        method: "-", route: nil, status: answer.status, duration: .zero, requestID: id, tenant: nil, key: nil)
    )
    closeSoon(context, after: Self.farewell)
  }

  private func closeSoon(_ context: ChannelHandlerContext, after delay: TimeAmount) {
    guard closing == nil else { return }
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
      self.close(context: context, mode: .all, promise: nil)
    }
  }
}

extension RequestGuard {
  /// Puts a guard where it sees requests as NIO's decoder makes them, and takes itself out.
  ///
  /// Hummingbird adds handlers only above its own codec.
  final class Installer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let make: @Sendable () -> RequestGuard

    init(_ make: @escaping @Sendable () -> RequestGuard) { self.make = make }

    func handlerAdded(context: ChannelHandlerContext) {
      let pipeline = context.pipeline.syncOperations
      do {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(make(), position: .after(decoder))
      } catch {
        // No exchange without its guard.
        context.close(promise: nil)
      }
      pipeline.removeHandler(self, promise: nil)
    }
  }
}
