internal import Egress
package import Manifest
internal import Operations
package import PluginLoader
package import Ports
internal import Synchronization

/// The host: manifests read, connectors loaded, operations run.
///
/// Everything is wired here.
package final class Host: Sendable {
  package let readings: [ManifestReading]
  package let loadReport: LoadReport
  private let connectors: [String: Served]
  private let options: HostOptions
  private let threads = TurnThreads()
  private let transport: CurlTransport
  private let tokens: MemoryTokenSource
  private let connections = Atomic(0)
  let driver: OperationDriver

  /// A connector that takes operations, or why it does not.
  private enum Served {
    case ready(ServedConnector)
    case failed(String)
  }

  /// Opens a host on a thread of its own, because loading libraries blocks.
  package static func open(_ options: HostOptions, clock: any HostClock = SystemClock()) async throws -> Host
  {
    try await NamedThread.run("patchbay-load") { try Host(options, clock: clock) }
  }

  /// Reads the manifests and loads their libraries; what cannot be loaded stands in ``loadReport``.
  ///
  /// - Throws: `RuntimeError` when the state directory cannot be made, `EgressError` when libcurl cannot start.
  private init(_ options: HostOptions, clock: any HostClock) throws {
    try StateDirectory.make(options.state)
    self.options = options
    let today = CalendarDate(secondsSince1970: Int64(clock.unixNanoseconds / 1_000_000_000))
    readings = ManifestDirectory.read(options.manifests, today: today)
    let manifests = readings.compactMap(\.manifest)
    let loader = PluginLoader(searchPath: options.plugins, stateDirectory: options.state)
    let (loaded, report) = loader.load(manifests)
    loadReport = LoadReport(entries: report.entries + readings.compactMap(LoadReport.Entry.init(unreadable:)))
    let transport = try Self.transport(for: options.sandbox)
    self.transport = transport
    let tokens = MemoryTokenSource()
    self.tokens = tokens
    let served = loaded.map { connector in
      (connector.manifest.id, Self.serve(connector, transport: transport, tokens: tokens, clock: clock))
    }
    connectors = Dictionary(uniqueKeysWithValues: served)
    driver = OperationDriver(threads: threads, clock: clock, keyValues: MemoryKeyValueStore())
  }

  /// Ends the host's threads and closes its connections; operations under way are not waited for.
  package func stop() async {
    threads.stop()
    await transport.shutdown()
  }

  /// Connects an account by a key that somebody passed in.
  ///
  /// - Throws: `RuntimeError` when the connector is not there or takes no such key.
  package func connect(_ credential: KeyCredential, to connector: String) throws(RuntimeError) -> Connection {
    let manifest = try self.connector(connector).manifest
    let (profile, index) = try credential.profile(in: manifest)
    let id = "con_\(connections.add(1, ordering: .relaxed).newValue)"
    guard let alternative = manifest.auth[profile]?.alternatives[index] else { return Connection(id: id) }
    tokens.keep(Token(secret: credential.secret, alternative: index), connection: id, profile: profile)
    return credential.connection(id: id, alternative: alternative)
  }

  /// The connector of a manifest, ready to take operations.
  ///
  /// - Throws: why it is not.
  func connector(_ id: String) throws(RuntimeError) -> ServedConnector {
    switch connectors[id] {
    case .ready(let connector): return connector
    case .failed(let reason): throw RuntimeError("connector \(id) did not start: \(reason)")
    case nil: break
    }
    if let entry = loadReport.entries.first(where: { $0.id == id }) {
      throw RuntimeError("connector \(id) was not loaded: \(entry.reason ?? "see `patchbay connectors`")")
    }
    throw RuntimeError(
      "there is no connector \(id) in \(options.manifests.joined(separator: ", "))\(whatIsThere)")
  }

  /// The connectors that there are, and the first manifest that cannot be used: it may be the one looked for.
  private var whatIsThere: String {
    let known = connectors.keys.sorted().joined(separator: ", ")
    let unusable = readings.compactMap(LoadReport.Entry.init(unreadable:))
    let reason = unusable.first?.reason.map { "; a manifest that cannot be used: \($0)" } ?? ""
    return (known.isEmpty ? "" : "; there is \(known)") + reason
  }

  private static func serve(
    _ connector: LoadedConnector, transport: any Transport, tokens: MemoryTokenSource, clock: any HostClock
  ) -> Served {
    let manifest = connector.manifest
    do {
      let egress = Egress(
        manifest: manifest, tokens: tokens, transport: transport, clock: clock,
        seed: UInt64.random(in: .min ... .max))
      let instance = try connector.makeInstance()
      return .ready(
        ServedConnector(
          manifest: manifest, schemas: try ActionSchemas(of: manifest),
          hosted: HostedConnector(instance: instance, http: egress, limits: manifest.limits.operation)))
    } catch {
      return .failed("\(error)")
    }
  }

  private static func transport(for sandbox: SandboxAddress?) throws -> CurlTransport {
    guard let sandbox else { return try CurlTransport() }
    return try CurlTransport(
      options: TransportOptions(
        connectTo: [ConnectMapping(address: sandbox.address, addressPort: UInt16(clamping: sandbox.tlsPort))],
        certificateAuthority: sandbox.authority))
  }
}

/// A connector that takes operations.
struct ServedConnector: Sendable {
  let manifest: Manifest
  let schemas: ActionSchemas
  let hosted: HostedConnector
}
