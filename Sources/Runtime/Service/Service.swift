internal import ConnectorModel
internal import Egress
internal import Jobs
internal import Operations
internal import PluginLoader
package import Ports
package import Secrets
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Vault

/// The product behind its faces: a host that keeps what it was asked until it is done.
///
/// What applications and operators can ask of it stands in the extensions, by theme; every method is one question
/// or order, checked for scope and tenant. Everything is wired here.
package final class Service: Sendable {
  let options: ServiceOptions
  let clock: any HostClock
  let store: any Store
  let vault: Vault
  let library: BlobLibrary
  let tokens: ConnectionTokens
  let registry: ConnectorRegistry
  let threads = TurnThreads()
  let dispatcher: JobDispatcher
  let syncRunner: SyncRunner
  private let sweep: RetentionSweep
  private let limitKeeper: LimitKeeper
  let metrics: ServiceMetrics
  private let transport: CurlTransport
  /// Different for each process, so that leases of one that died are nobody's.
  private let worker = "host-\(String(UInt64.random(in: .min ... .max), radix: 36))"
  private let lock: StateLock
  private let stopping = Atomic(false)
  private let closing = Atomic(false)

  var log: EventLog { options.log }
  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// Opens the store, the vault and the connectors; work begins with ``run()``.
  ///
  /// - Throws: `RuntimeError` that says what, where and what to do.
  package static func open(_ options: ServiceOptions, clock: any HostClock = SystemClock())
    async throws(RuntimeError) -> Service
  {
    let state = options.host.state
    do {
      let (lock, directory) = try await NamedThread.run("patchbay-lock") { () throws in
        try StateDirectory.make(state)
        let lock = try StateLock(state)
        return (lock, try BlobDirectory(StateDirectory.blobs(in: state)) { SHA256Stream() })
      }
      let store = try await SQLiteStore.open(path: StateDirectory.store(in: state))
      let provider = try await LocalKeyProvider.atStart(
        file: state + "/master.key", text: options.masterKey, tenants: store)
      let vault = Vault(provider: provider, tenants: store)
      try await vault.check()
      let library = BlobLibrary(directory, records: store, clock: clock)
      let service = try Service(
        options, clock: clock, store: store, vault: vault, library: library,
        counted: try await store.rateCounts(now: clock.unixNanoseconds), lock: lock)
      try await service.reload()
      try await service.recall()
      return service
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw RuntimeError("\(error)")
    }
  }

  private init(
    _ options: ServiceOptions, clock: any HostClock, store: any Store, vault: Vault,
    library: BlobLibrary, counted: [String: [RateCount]], lock: StateLock
  ) throws {
    self.options = options
    self.clock = clock
    self.store = store
    self.vault = vault
    self.library = library
    self.lock = lock
    let transport = try CurlTransport(options: options.host.transport)
    self.transport = transport
    let tokens = ConnectionTokens(store: store, vault: vault, redaction: options.redaction)
    self.tokens = tokens
    let registry = ConnectorRegistry(options.host, clock: clock) {
      try HostedParts(
        $0, replacing: $1, counted: counted, transport: transport, tokens: tokens,
        clock: clock)
    }
    self.registry = registry
    let metrics = ServiceMetrics(redaction: options.redaction)
    self.metrics = metrics
    let log = options.log
    let driver = OperationDriver(threads: threads, clock: clock, keyValues: store, digest: SHA256.digest)
    let runner = ServiceJobRunner(
      store: store, vault: vault, registry: registry, driver: driver, clock: clock, log: log,
      library: library, fetcher: MediaFetcher(transport: transport))
    var settings = DispatcherSettings()
    settings.concurrency = options.concurrency
    dispatcher = JobDispatcher(
      queue: store, runner: runner, clock: clock, worker: worker, machine: JobMachine { $0.advice },
      settings: settings, observe: JobEventLog(log: log, metrics: metrics).tell)
    syncRunner = SyncRunner(
      store: store, registry: registry, driver: driver, clock: clock, capacity: options.syncs,
      observe: SyncEventLog(log: log, metrics: metrics).tell)
    sweep = RetentionSweep(
      store: store, library: library, policy: options.retention, clock: clock, log: log, metrics: metrics)
    limitKeeper = LimitKeeper(
      store: store, registry: registry, clock: clock, log: log, metrics: metrics)
  }

  /// Makes a tenant with a key of every scope on a state that never had one; nil on any other.
  ///
  /// For when somebody can be told: it is told this once.
  package func makeFirstKey() async throws -> Secret? {
    try await APIKeys(store: store, clock: clock).makeFirst()
  }

  /// Works until it is stopped, or the task is cancelled.
  package func run() async {
    do throws(StoreError) {
      // The lock on the state directory says that nobody else runs.
      let abandoned = try await store.abandonLeases(except: worker, now: clock.unixNanoseconds)
      if abandoned > 0 { log.tell(.info, "jobs.resumed", message: "\(abandoned) jobs go on after a restart") }
    } catch {
      log.tell(.error, "store.failed", message: error.message)
    }
    async let synced: Void = syncRunner.run()
    async let swept: Void = sweep.run()
    async let kept: Void = limitKeeper.run()
    await dispatcher.run()
    _ = await (synced, swept, kept)
  }

  /// Stops in order: no new jobs, those under way end or are parked within the bound, then network and store
  /// close, and another host may have the state directory.
  package func stop(within bound: Duration = .seconds(20)) async {
    await drain(within: bound)
    await close()
  }

  /// Begins no job any more and says that the host is not ready; returns when those under way have ended or are
  /// parked, at the latest after the bound and a little grace.
  package func drain(within bound: Duration) async {
    stopping.store(true, ordering: .relaxed)
    sweep.stop()
    limitKeeper.stop()
    async let synced: Void = syncRunner.stop(within: bound)
    await dispatcher.stop(within: bound)
    await synced
    await limitKeeper.keep()
  }

  /// Closes what a drained host still holds; does nothing the second time.
  package func close() async {
    guard !closing.exchange(true, ordering: .relaxed) else { return }
    threads.stop()
    await transport.shutdown()
    await store.close()
    lock.release()
  }

  /// Rereads the manifest directories; what runs is not touched.
  ///
  /// - Throws: `RuntimeError` while another reading is under way.
  package func reload() async throws {
    let registry = registry
    try await NamedThread.run("patchbay-load") { try registry.load() }
    for entry in registry.report.entries {
      if let reason = entry.reason {
        log.tell(.warning, "connector.refused", platform: entry.id, message: reason)
      } else {
        log.tell(.info, "connector.loaded", platform: entry.id, message: entry.version)
      }
    }
    dispatcher.wake()
    syncRunner.wake(discovering: true)
  }

  /// Loads the replaced libraries that operations of an earlier process go on with.
  private func recall() async throws {
    let pinned = try await store.pinnedLibraries()
    try await NamedThread.run("patchbay-load") { [registry] in registry.recall(pinned) }
  }

  /// Who holds this key.
  package func authenticate(_ key: Secret) async throws(ServiceError) -> Principal {
    let refusal = ServiceError(
      .unauthenticated, "the API key is missing, unknown or revoked; make one with `patchbay keys create`")
    guard let text = APIKeyText(parsing: key) else { throw refusal }
    let record = try await stored { () async throws(StoreError) in try await self.store.apiKey(text.id) }
    guard let record, record.revokedAt == nil, (try? text.matches(record.digest)) == true else {
      throw refusal
    }
    return Principal(tenant: record.tenant, key: record.id, scopes: record.scopes)
  }

  func served(_ id: String) throws(ServiceError) -> ServedConnector {
    do {
      return try registry.connector(id)
    } catch {
      // The whole reason names files, which are the operator's business.
      log.tell(.info, "connector.missing", platform: id, message: error.description)
      throw ServiceError(
        .notFound, "there is no connector \(id) that takes work; ask whoever runs the host")
    }
  }
}
