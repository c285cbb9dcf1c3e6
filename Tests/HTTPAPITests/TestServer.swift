import HTTPAPI
import Ports
import Synchronization
import TestTools
import Testing

/// The API on a free port of this machine, before a scripted service.
struct TestServer {
  let service = ScriptedService()
  let server: HTTPServer
  let address: HTTPServerAddress
  private let run: Task<Void, any Error>
  private let log: Log

  private final class Log: Sendable { let records = Mutex<[AccessRecord]>([]) }

  static func start(
    tls: HTTPServerOptions.TLS = .none, _ adjust: (inout HTTPServerOptions.Limits) -> Void = { _ in }
  ) async throws -> TestServer {
    var options = HTTPServerOptions(port: 0, tls: tls)
    options.limits.request = .seconds(20)
    adjust(&options.limits)
    return try await TestServer(options)
  }

  private init(_ options: HTTPServerOptions) async throws {
    let (addresses, found) = AsyncStream.makeStream(of: HTTPServerAddress.self)
    let log = Log()
    let server = HTTPServer(
      options: options, service: service, onAccess: { record in log.records.withLock { $0.append(record) } },
      onListening: { found.yield($0) })
    let run = Task {
      defer { found.finish() }
      try await server.run()
    }
    guard let address = await addresses.first(where: { _ in true }) else {
      try await run.value
      throw CancellationError()
    }
    self.server = server
    self.address = address
    self.run = run
    self.log = log
  }

  var records: [AccessRecord] { log.records.withLock { $0 } }

  /// Ends the server, and fails where its run did.
  func stop() async throws {
    server.stop()
    try await run.value
  }

  func finish() async throws { try await run.value }
  func cancel() { run.cancel() }

  /// Talks to the server on a connection and a thread of its own.
  func talk<Result: Sendable>(_ body: @escaping @Sendable (borrowing RawClient) throws -> Result) async throws
    -> Result
  {
    let port = address.port
    return try await NamedThread.run("client") { try body(try RawClient(port: port)) }
  }

  /// Sends this text and reads until the server closes.
  func exchange(_ text: String) async throws -> (text: String, ending: RawClient.Ending) {
    try await talk { client in
      client.send(text)
      return client.read()
    }
  }
}
