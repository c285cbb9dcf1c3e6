internal import NIOCore
internal import NIOHTTP1

/// Reads whole requests from one connection and answers them one after the other, fault or not.
///
/// It writes bytes, not response parts: a fault decides over each of them.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private static let longestPipeline = 64
  /// How often a wait looks at the sandbox's clock, which can be moved at any time.
  private static let clockLook = TimeAmount.milliseconds(20)
  private let core: SandboxCore
  private let courier: Courier
  private let hostIsInPath: Bool
  private let maximumBodyBytes: Int
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var waiting: [Arrival] = []
  private var isAnswering = false
  /// Set when nothing that still arrives will be read: a refusal is the last answer of its connection.
  private var isDeaf = false
  /// Set when nothing more will be written.
  private var isOver = false

  /// What waits for its turn, so that an answer never overtakes an earlier one.
  private enum Arrival {
    case request(HTTPRequestHead, body: [UInt8])
    case refusal(status: Int, sentence: String)
  }

  init(core: SandboxCore, courier: Courier, hostIsInPath: Bool, maximumBodyBytes: Int) {
    self.core = core
    self.courier = courier
    self.hostIsInPath = hostIsInPath
    self.maximumBodyBytes = maximumBodyBytes
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDeaf, !isOver else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
      let isPatient = head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
      if isPatient, !isAnswering {
        send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), context)
      }
    case .body(let part):
      guard body.count + part.readableBytes <= maximumBodyBytes else {
        refuse(413, "the request's body is over \(maximumBodyBytes) bytes", context)
        return
      }
      body.append(contentsOf: part.readableBytesView)
    case .end:
      guard let head, waiting.count < Self.longestPipeline else {
        refuse(400, "more than \(Self.longestPipeline) requests wait on one connection", context)
        return
      }
      self.head = nil
      accept(.request(head, body: body), context)
      body = []
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError {
      refuse(400, "this is no HTTP/1.1 request", context)
    } else {
      isOver = true
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    isOver = true
    context.fireChannelInactive()
  }

  private func accept(_ arrival: Arrival, _ context: ChannelHandlerContext) {
    waiting.append(arrival)
    if !isAnswering { answerNext(context) }
  }

  /// Reads no more, and says why after what is still to be answered.
  private func refuse(_ status: Int, _ sentence: String, _ context: ChannelHandlerContext) {
    guard !isDeaf else { return }
    isDeaf = true
    accept(.refusal(status: status, sentence: sentence), context)
  }

  private func answerNext(_ context: ChannelHandlerContext) {
    guard !isOver, !waiting.isEmpty else { return }
    isAnswering = true
    switch waiting.removeFirst() {
    case .request(let head, let body): answer(head, body, context)
    case .refusal(let status, let sentence): answerRefusal(status, sentence, context)
    }
  }

  private func answer(_ head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
    let plan = WirePlan(method: head.method.rawValue, keepAlive: head.isKeepAlive, now: core.realTime)
    let target = RequestTarget(
      uri: head.uri, hostHeader: head.headers.first(name: "host"), hostIsInPath: hostIsInPath)
    switch target {
    case .control(let path):
      let request = request(head, body, host: "", path: path, query: "")
      let response = core.with { machine, now in
        ControlEndpoint.respond(to: request, machine: &machine, at: now)
      }
      courier.pump()
      run(plan.steps(response: response, effect: nil)[...], ticket: nil, context)
    case .platform(let host, let path, let query):
      let request = request(head, body, host: host, path: path, query: query)
      guard let url = core.with({ machine, _ in machine.probe(before: request) }) else {
        serve(request, plan, probeStatus: nil, context)
        return
      }
      courier.probe(url).assumeIsolated().whenSuccess { status in
        self.serve(request, plan, probeStatus: status, context)
      }
    case .refused(let reason): answerRefusal(400, reason, context)
    }
  }

  private func serve(
    _ request: SandboxRequest, _ plan: WirePlan, probeStatus: Int?, _ context: ChannelHandlerContext
  ) {
    let reception = core.with { machine, now in
      machine.receive(request, at: now, probeStatus: probeStatus)
    }
    courier.pump()
    let steps = plan.steps(response: reception.response, effect: reception.effect, due: reception.due)
    run(steps[...], ticket: reception.ticket, context)
  }

  private func answerRefusal(_ status: Int, _ sentence: String, _ context: ChannelHandlerContext) {
    let plan = WirePlan(method: "GET", keepAlive: false, now: core.realTime)
    run(plan.steps(response: .refusal(status, sentence), effect: nil)[...], ticket: nil, context)
  }

  private func request(
    _ head: HTTPRequestHead, _ body: [UInt8], host: String, path: String, query: String
  ) -> SandboxRequest {
    SandboxRequest(
      method: head.method.rawValue, host: host, path: path, queryText: query,
      headers: head.headers.map { NamedText($0.name, $0.value) }, body: body)
  }

  /// Takes the steps in order; the ticket is given back whatever happens to the connection.
  private func run(
    _ steps: ArraySlice<WireStep>, ticket: SandboxMachine.Ticket?, _ context: ChannelHandlerContext
  ) {
    guard let step = steps.first else { return }
    let rest = steps.dropFirst()
    switch step {
    case .send(let bytes):
      send(bytes, context).assumeIsolated().whenComplete { result in
        switch result {
        case .success: self.run(rest, ticket: ticket, context)
        case .failure: self.settle(ticket)
        }
      }
    case .pause(let milliseconds):
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
        self.run(rest, ticket: ticket, context)
      }
    case .wait(let due):
      if core.with({ machine, now in machine.isDue(due, at: now) }) {
        run(rest, ticket: ticket, context)
      } else {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.clockLook) {
          self.run(steps, ticket: ticket, context)
        }
      }
    case .finish(let keepAlive):
      settle(ticket)
      isAnswering = false
      if keepAlive {
        answerNext(context)
      } else {
        isOver = true
        context.close(promise: nil)
      }
    case .close: cut(.close, ticket, context)
    case .reset: cut(.reset, ticket, context)
    }
  }

  private func cut(
    _ order: SocketCut.Order, _ ticket: SandboxMachine.Ticket?, _ context: ChannelHandlerContext
  ) {
    settle(ticket)
    isOver = true
    context.triggerUserOutboundEvent(order, promise: nil)
  }

  private func settle(_ ticket: SandboxMachine.Ticket?) {
    guard let ticket else { return }
    core.with { machine, _ in machine.finish(ticket) }
  }

  @discardableResult
  private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)))
  }
}
