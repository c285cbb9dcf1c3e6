internal import ArgumentParser
internal import ConnectorModel
internal import HTTPAPI
internal import PluginLoader
internal import Runtime
internal import Secrets
internal import Telemetry

#if canImport(Glibc)
  internal import Glibc
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay serve`: the host.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Runs the host: jobs, connectors, and the HTTP API.",
    discussion: """
      Answers on https://localhost:3000 with a development certificate that is made at the first start; \
      applications trust the authority that the ready line names. The first start also makes a tenant, default, \
      and prints its key once.

      Prints one JSON line {url, ca?, key?} when it answers; its log goes to standard error. SIGHUP rereads the \
      manifest directory, SIGTERM and Ctrl-C stop it in order: what cannot end in time is parked and goes on at \
      the next start.

      Environment: PATCHBAY_STATE, PATCHBAY_MASTER_KEY (instead of master.key of the state directory).
      """)

  @Argument(help: "The directory of manifests.") var directory: String?
  @OptionGroup var host: HostArguments
  @Option(name: .long, help: "The address to listen on.") var listen = "127.0.0.1"
  @Option(name: .long, help: "The port; 0 picks one.") var port = 3000
  @Flag(name: .long, help: "Plain HTTP, on loopback only.") var http = false
  @Option(name: .long, help: "A certificate of your own, as a PEM file; with --private-key.")
  var certificate: String?
  @Option(name: .long, help: "Its private key, as a PEM file.") var privateKey: String?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Talk to simulated platforms instead of the real ones: in this process, or at URL.", valueName: "[URL]",
      visibility: .default))
  var sandbox: String?
  @Option(
    name: .long, help: "The authority of the sandbox at URL (default: sandbox-ca.pem of the state directory)."
  )
  var sandboxCa: String?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Load only connectors whose attestation is signed with this public key, or with one of DIR/*.pub.pem.",
      valueName: "KEY|DIR"))
  var requireAttestation: String?
  @Option(name: .long, help: "The level that an attestation must attest: bronze, silver or gold.")
  var attestationLevel = AttestedLevel.gold
  @Option(name: .long, help: "Jobs that run side by side.") var concurrency = 256
  @Option(name: .long, help: "Jobs of one tenant that may wait.") var capacity = 100_000
  @Option(
    name: .long,
    help: "Libraries that may be loaded for one connector before a reload asks for a restart of the host.")
  var generations = 256
  @Option(name: .long, help: "Streams that are read side by side.") var syncs = 4
  @OptionGroup var retention: RetentionArguments
  @Option(name: .long, help: "json or text.") var logFormat = EventLog.Format.json
  @Option(name: .long, help: "debug, info, warning or error.") var logLevel = EventLog.Level.info
  @Option(name: .long, help: "Seconds that a stop waits for what is under way.") var drain = 20

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port takes a number from 0 to 65535, and \(port) is none")
    }
    guard (certificate == nil) == (privateKey == nil) else {
      throw ValidationError("--certificate and --private-key go together")
    }
    guard !http || certificate == nil else { throw ValidationError("--http needs no certificate") }
    guard concurrency > 0, capacity > 0, generations > 0, syncs > 0, drain >= 0 else {
      throw ValidationError(
        "--concurrency, --capacity, --generations and --syncs take a number from 1, --drain one from 0")
    }
  }

  func run() async throws {
    ProcessSecrets.keepFromCoreFiles()
    DescriptorLimit.raise()
    let masterKey = ProcessSecrets.takeMasterKey()
    var options = try host.options()
    if let directory { options.manifests = [directory] }
    options.maximumGenerations = generations
    do throws(AttestationFault) {
      options.attestation = try requireAttestation.map { path throws(AttestationFault) in
        try AttestationPolicy(path: path, level: attestationLevel)
      }
    } catch {
      throw CommandFailure(sentence: error.description, code: 2)
    }
    let platforms = try await SandboxLink.open(
      sandbox, faults: [], authority: sandboxCa, state: options.state)
    options.sandbox = platforms?.address
    let redaction = LogRedaction()
    let log = EventLog(format: logFormat, minimumLevel: logLevel, redaction: redaction)
    let service = try await Self.open(
      ServiceOptions(
        host: options, masterKey: masterKey, log: log, redaction: redaction, capacity: capacity,
        concurrency: concurrency, syncs: syncs, retention: retention.policy))
    do {
      try await serve(service, log, state: options.state)
    } catch {
      await service.stop(within: .zero)
      RunningHost.remove(state: options.state)
      throw CommandFailure(sentence: "\(error)")
    }
    RunningHost.remove(state: options.state)
    await platforms?.close()
    _ = await log.close(within: .seconds(2))
  }

  /// Answers and works until a signal, then stops in order.
  private func serve(_ service: Service, _ log: EventLog, state: String) async throws {
    let (addresses, listening) = AsyncStream.makeStream(of: HTTPServerAddress.self)
    let server = HTTPServer(
      options: HTTPServerOptions(host: listen, port: port, tls: tls(state: state)), service: service,
      onAccess: { log.tell($0) }, onListening: { listening.yield($0) })
    // Before anybody is told where to find it.
    let work = Task { await service.run() }
    // Before anybody is told that it is ready: who is told may send a signal.
    let interrupt = Interrupt()
    let hangUps = HangUps()
    let rereading = Task { await hangUps.each { await Self.reread(service, log) } }
    let answering = Task {
      defer { listening.finish() }
      try await server.run()
    }
    if let address = await addresses.first(where: { _ in true }) {
      try await announce(address, service, state: state)
      await interrupt.wait()
      Output.error("patchbay: stopping; interrupt again to end at once")
    }
    // No job is begun any more while the last answers go out.
    async let drained: Void = service.drain(within: .seconds(drain))
    server.stop()
    let answered = await answering.result
    await drained
    await service.close()
    rereading.cancel()
    await work.value
    try answered.get()
  }

  private func announce(_ address: HTTPServerAddress, _ service: Service, state: String) async throws {
    // An address that stands for all is none that a client can go to.
    let url = ["0.0.0.0", "[::]"].reduce(address.url) { $0.replacing("//\($1):", with: "//localhost:") }
    let running = RunningHost(url: url, ca: address.authorityPath, pid: getpid())
    try running.write(state: state)
    var line: [String: JSONValue] = ["url": .string(running.url)]
    if let ca = running.ca { line["ca"] = .string(ca) }
    // The one time it is told.
    if let key = try await service.makeFirstKey() { line["key"] = .string(key.reveal { $0 }) }
    try Output.json(line)
  }

  private func tls(state: String) -> HTTPServerOptions.TLS {
    if http { return .none }
    if let certificate, let privateKey { return .files(certificate: certificate, key: privateKey) }
    return .development(directory: state + "/tls")
  }

  /// What was refused stands in the log, and what ran before runs on.
  private static func reread(_ service: Service, _ log: EventLog) async {
    do {
      try await service.reload()
    } catch {
      log.write(.warning, "connectors.not_reread", "\(error)")
    }
  }

  private static func open(_ options: ServiceOptions) async throws(CommandFailure) -> Service {
    do {
      return try await Service.open(options)
    } catch {
      throw CommandFailure(sentence: error.description)
    }
  }
}

extension EventLog.Format: ExpressibleByArgument {}
extension EventLog.Level: ExpressibleByArgument {}
extension AttestedLevel: ExpressibleByArgument {}

extension EventLog {
  /// One line for each exchange of the API.
  fileprivate func tell(_ access: AccessRecord) {
    write(
      access.status >= 500 ? .error : .info, "api.answered", "\(access.method) \(access.route ?? "-")",
      Fields(
        tenantID: access.tenant, requestID: access.requestID, duration: access.duration,
        httpStatus: access.status))
  }
}
