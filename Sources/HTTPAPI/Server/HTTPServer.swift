internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import Runtime
internal import Synchronization

/// Serves the API until it is stopped.
///
/// Runs on SwiftNIO's own threads; keeps no request's content.
package final class HTTPServer: Sendable {
  private enum State {
    case new
    case stoppedEarly
    /// What ends the run.
    case running(@Sendable () -> Void)
    case stopping
  }

  private let options: HTTPServerOptions
  private let responder: APIResponder
  private let onAccess: @Sendable (AccessRecord) -> Void
  private let onListening: @Sendable (HTTPServerAddress) -> Void
  private let state = Mutex(State.new)

  /// - Parameters:
  ///   - onAccess: called after each answer, on a thread that must not be blocked.
  ///   - onListening: called once, as soon as clients may come.
  package init(
    options: HTTPServerOptions, service: any APIService,
    onAccess: @escaping @Sendable (AccessRecord) -> Void = { _ in },
    onListening: @escaping @Sendable (HTTPServerAddress) -> Void = { _ in }
  ) {
    self.options = options
    responder = APIResponder(table: .all, service: service, isLoopbackOnly: options.isLoopbackOnly)
    self.onAccess = onAccess
    self.onListening = onListening
  }

  /// Listens and answers until ``stop()`` is called or the task is cancelled.
  ///
  /// Then nobody new is let in, requests under way may finish within `limits.drain`, and it returns; handlers that
  /// run on even then are cancelled and left behind.
  /// - Throws: ``HTTPServerError``, before anybody was let in.
  package func run() async throws(HTTPServerError) {
    if options.tls == .none, !options.isLoopbackOnly { throw .plainBeyondLoopback(host: options.host) }
    let material = try await TLSMaterial.load(options.tls)
    let plain = HTTP1Channel(
      responder: { request, writer, _ in
        let response = await self.response(to: request)
        try await writer.write(response: response.head, body: response.body)
      }, configuration: channelConfiguration)
    if let material {
      let channel: TLSChannel<HTTP1Channel>
      do {
        channel = try TLSChannel(plain, tlsConfiguration: material.configuration)
      } catch {
        throw .certificate(reason: "\(error)")
      }
      try await serve(channel, scheme: "https", authorityPath: material.authorityPath)
    } else {
      try await serve(plain, scheme: "http", authorityPath: nil)
    }
  }

  /// Ends ``run()``; may be called at any time, and more than once.
  package func stop() {
    let end = state.withLock { state -> (@Sendable () -> Void)? in
      switch state {
      case .new: state = .stoppedEarly
      case .running(let end):
        state = .stopping
        return end
      case .stoppedEarly, .stopping: break
      }
      return nil
    }
    end?()
  }

  // MARK: Lifetime

  private func serve<Channel: ServerChildChannel>(
    _ channel: Channel, scheme: String, authorityPath: String?
  ) async throws(HTTPServerError) {
    let server = Server(
      childChannelSetup: channel, configuration: serverConfiguration,
      onServerRunning: { self.announce($0, scheme: scheme, authorityPath: authorityPath) },
      eventLoopGroup: EventLoopGroupProvider.singleton.eventLoopGroup, logger: Self.silence)
    let (endings, ending) = AsyncStream.makeStream(of: (any Error)?.self)
    let serving = Task {
      do {
        try await server.run()
        ending.yield(nil)
      } catch {
        ending.yield(error)
      }
    }
    let drain = options.limits.drain
    let end: @Sendable () -> Void = {
      Task { try? await server.shutdownGracefully() }
      Task {
        try? await Task.sleep(for: drain)
        serving.cancel()
        // Cancelled handlers end at once; one that does not is left behind.
        try? await Task.sleep(for: .seconds(1))
        ending.yield(nil)
      }
    }
    guard try begin(end) else {
      serving.cancel()
      return
    }
    let failure = await withTaskCancellationHandler {
      // The stream ends early when this task is cancelled, so it is read in one that is not.
      await Task { await endings.first { _ in true } ?? nil }.value
    } onCancel: {
      stop()
    }
    let wasStopped = state.withLock { if case .stopping = $0 { true } else { false } }
    guard let failure, !wasStopped else { return }
    throw .cannotListen(host: options.host, port: options.port, reason: Self.words(for: failure))
  }

  private static func words(for failure: any Error) -> String {
    switch (failure as? IOError)?.errnoCode {
    case EADDRINUSE: "another program listens there already"
    case EACCES: "ports below 1024 are for root"
    case EADDRNOTAVAIL: "this machine has no such address"
    default: "\(failure)"
    }
  }

  /// - Returns: false when it was stopped before.
  private func begin(_ end: @escaping @Sendable () -> Void) throws(HTTPServerError) -> Bool {
    let isFirst = state.withLock { state -> Bool? in
      switch state {
      case .new:
        state = .running(end)
        return true
      case .stoppedEarly: return false
      case .running, .stopping: return nil
      }
    }
    guard let isFirst else { throw .alreadyRun }
    return isFirst
  }

  private func announce(_ channel: any NIOCore.Channel, scheme: String, authorityPath: String?) {
    let port = channel.localAddress?.port ?? options.port
    // The certificate of development is for this name.
    let name = options.tls != .none && options.isLoopbackOnly ? "localhost" : options.host
    let host = name.contains(":") ? "[\(name)]" : name
    onListening(
      HTTPServerAddress(
        host: options.host, port: port, url: "\(scheme)://\(host):\(port)", authorityPath: authorityPath))
  }

  // MARK: Settings

  private var channelConfiguration: HTTP1Channel.Configuration {
    let limits = options.limits
    let onAccess = onAccess
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        RequestGuard.Installer {
          RequestGuard(limit: limits.request, uploadLimit: limits.upload, onRefusal: onAccess)
        }
      ],
      idleTimeout: TimeAmount(limits.idle),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
        maxHeaderFieldCount: limits.headerLines))
  }

  private var serverConfiguration: ServerConfiguration {
    ServerConfiguration(
      address: .hostname(options.host, port: options.port),
      availableConnectionsDelegate: .maximum(options.limits.connections, logger: Self.silence))
  }

  /// Hummingbird's own log lines are not in the host's form, and may name what a client sent.
  private static let silence = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }

  // MARK: Exchanges

  private func response(to request: Request) async -> Response {
    let start = ContinuousClock.now
    let fields = request.headers
    let head = APIResponder.Head(
      method: request.method.rawValue, target: request.head.path ?? "",
      authorization: fields[.authorization], apiKey: FieldName("X-API-Key").flatMap { fields[$0] },
      contentType: fields[.contentType])
    let reader = BodyReader(
      body: request.body, announcedLength: fields[.contentLength].flatMap { Int($0) },
      limit: options.limits.bodyBytes)
    var fileReader = reader
    fileReader.limit = Int(clamping: responder.service.largestUpload)
    let file = UploadBody { [fileReader] take in try await fileReader.stream(to: take) }
    let outcome = await responder.outcome(of: head, file: file) { () throws(Problem) in
      try await reader.read()
    }
    let id = RequestID.make()
    let answer = outcome.answer
    onAccess(
      AccessRecord(
        method: head.method, route: outcome.route, status: answer.status, duration: .now - start,
        requestID: id, tenant: outcome.principal?.tenant, key: outcome.principal?.key))
    var lines = HTTPFields()
    for line in answer.headerLines(requestID: id) {
      guard let name = FieldName(line.name) else { continue }
      lines.append(HTTPFields.Element(name: name, value: line.value))
    }
    // The length of a HEAD's answer is that of the GET's.
    let isHead = head.method == "HEAD"
    return Response(
      status: .init(code: answer.status), headers: lines,
      body: isHead ? ResponseBody() : ResponseBody(byteBuffer: answer.body))
  }

  private typealias FieldName = HTTPFields.Element.Name
}
