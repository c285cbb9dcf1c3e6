internal import Egress
internal import Manifest
internal import Operations
package import PluginLoader
package import Ports
internal import Secrets
internal import Synchronization
internal import Vault

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A host for single calls: manifests read, connectors loaded, nothing kept.
///
/// ``Service`` is the host that keeps.
package final class Host: Sendable {
  private let registry: ConnectorRegistry
  private let threads = TurnThreads()
  private let network: CurlTransport?
  private let tokens = MemoryTokenSource()
  private let connections = Atomic(0)
  let driver: OperationDriver
  let fetcher: MediaFetcher
  /// Of this host alone, removed when it stops.
  private let scratch: String
  let blobs: BlobDirectory

  /// Opens a host on a thread of its own, because loading libraries blocks.
  ///
  /// - Parameter transport: what stands in for the network; nil is the network.
  package static func open(
    _ options: HostOptions, clock: any HostClock = SystemClock(), transport: (any Transport)? = nil
  ) async throws -> Host {
    try await NamedThread.run("patchbay-load") { try Host(options, clock: clock, transport: transport) }
  }

  /// Reads the manifests and loads their libraries; what cannot be loaded stands in ``loadReport``.
  ///
  /// - Throws: `RuntimeError` when the state directory cannot be made, `EgressError` when libcurl cannot start.
  private init(_ options: HostOptions, clock: any HostClock, transport: (any Transport)?) throws {
    try StateDirectory.make(options.state)
    network = transport == nil ? try CurlTransport(options: options.transport) : nil
    guard let transport = transport ?? network else { throw RuntimeError("there is no way out of this host") }
    fetcher = MediaFetcher(transport: transport)
    scratch = options.state + "/call-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    blobs = try BlobDirectory(scratch) { SHA256Stream() }
    registry = ConnectorRegistry(options, clock: clock) { [tokens] in
      try HostedParts($0, replacing: $1, transport: transport, tokens: tokens, clock: clock)
    }
    driver = OperationDriver(threads: threads, clock: clock, keyValues: MemoryKeyValueStore())
    try registry.load()
  }

  package var loadReport: LoadReport { registry.report }

  /// Environment variables that manifests name, with a connector that does.
  package var environment: [String: String] {
    var variables: [String: String] = [:]
    for connector in registry.now.served.values {
      for name in connector.manifest.environment { variables[name] = connector.manifest.id }
    }
    return variables
  }

  /// Ends the host's threads and closes its connections; operations under way are not waited for.
  package func stop() async {
    threads.stop()
    await network?.shutdown()
    let scratch = scratch
    _ = try? await NamedThread.run("patchbay-blobs") {
      try FileManager.default.removeItem(atPath: scratch)
    }
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

  /// Connects an account of a platform that is only played: every auth profile has a secret that is none.
  ///
  /// - Throws: `RuntimeError` when the connector is not there.
  package func connect(played variables: [String: String], to connector: String) throws(RuntimeError)
    -> Connection
  {
    let id = "con_\(connections.add(1, ordering: .relaxed).newValue)"
    for profile in try self.connector(connector).manifest.auth.keys {
      tokens.keep(Token(secret: Secret("played"), alternative: 0), connection: id, profile: profile)
    }
    return Connection(id: id, variables: variables)
  }

  func connector(_ id: String) throws(RuntimeError) -> ServedConnector { try registry.connector(id) }
}
