import ConnectorModel
import FoundationEssentials
import PluginLoader
import Ports
import Sandbox
import Secrets
import Telemetry
import TestTools
import Testing

@testable import Runtime

/// A service at work on a state directory of its own, on a sandbox, with everything that it logs.
final class ServiceBench: Sendable {
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let campaign: JSONValue = {
    let file = checkout.appending(path: "manifests/examples/mailchimp/campaign.json")
    let bytes = (try? Data(contentsOf: file)).map { [UInt8]($0) } ?? []
    return (try? StableJSON.decode(JSONValue.self, from: bytes)) ?? .null
  }()

  let place: ScratchDirectory
  let sandbox: RunningSandbox
  let service: Service
  let logs: LogCapture
  /// Every scope of tenant `default`.
  let owner: Principal
  private let work: Task<Void, Never>

  var state: String { place.file("state") }
  /// The service's own copy, which a test may change.
  var manifests: String { place.file("manifests") }
  var plugins: String { place.file("plugins") }

  private init(
    _ place: ScratchDirectory, _ sandbox: RunningSandbox, _ service: Service, _ logs: LogCapture,
    _ owner: Principal
  ) {
    self.place = place
    self.sandbox = sandbox
    self.service = service
    self.logs = logs
    self.owner = owner
    work = Task { await service.run() }
  }

  /// Runs `body` with a service on a new state, and stops both.
  static func with(
    clock: any HostClock = SystemClock(), capacity: Int = 100_000, maximumGenerations: Int = 256,
    attestation: (ScratchDirectory) throws -> AttestationPolicy? = { _ in nil },
    _ body: (ServiceBench) async throws -> Void
  ) async throws {
    let place = ScratchDirectory()
    try FileManager.default.createDirectory(
      atPath: place.file("plugins"), withIntermediateDirectories: false)
    try FileManager.default.copyItem(
      atPath: checkout.appending(path: "manifests").path, toPath: place.file("manifests"))
    try FileManager.default.copyItem(
      atPath: products.appending(path: "libMailchimpConnector.so").path,
      toPath: place.file("plugins/libMailchimpConnector.so"))
    let sandbox = try await Sandbox.start(SandboxOptions(stateDirectory: place.file("sandbox")))
    let bench = try await open(
      place, sandbox, clock, capacity: capacity, maximumGenerations: maximumGenerations,
      attestation: try attestation(place))
    do {
      try await body(bench)
    } catch {
      Issue.record(error)
    }
    await bench.stop()
    await sandbox.stop()
  }

  private static func open(
    _ place: ScratchDirectory, _ sandbox: RunningSandbox, _ clock: any HostClock, capacity: Int = 100_000,
    maximumGenerations: Int = 256, owner: Principal? = nil, attestation: AttestationPolicy? = nil
  ) async throws -> ServiceBench {
    let logs = LogCapture()
    var options = options(place, sandbox, logs, capacity: capacity)
    options.host.maximumGenerations = maximumGenerations
    options.host.attestation = attestation
    let service = try await Service.open(options, clock: clock)
    var known = owner
    if let key = try await service.makeFirstKey() { known = try await service.authenticate(key) }
    return ServiceBench(place, sandbox, service, logs, try #require(known))
  }

  static func options(
    _ place: ScratchDirectory, _ sandbox: RunningSandbox, _ logs: LogCapture, capacity: Int = 100_000
  ) -> ServiceOptions {
    let redaction = LogRedaction()
    return ServiceOptions(
      host: HostOptions(
        manifests: [place.file("manifests")], plugins: [place.file("plugins")], state: place.file("state"),
        sandbox: SandboxAddress(
          address: "127.0.0.1", tlsPort: sandbox.tlsPort, authority: sandbox.certificateAuthorityPath)),
      log: EventLog(minimumLevel: .debug, redaction: redaction, sink: logs), redaction: redaction,
      capacity: capacity)
  }

  func stop(within bound: Duration = .seconds(10)) async {
    await service.stop(within: bound)
    await work.value
  }

  /// Another service on what this one left.
  func reopened() async throws -> ServiceBench {
    try await Self.open(place, sandbox, SystemClock(), owner: owner)
  }

  // MARK: What tests do again and again

  /// Every scope of another tenant, or some.
  func principal(_ tenant: String, _ scopes: Set<APIKey.Scope> = Set(APIKey.Scope.allCases)) async throws
    -> Principal
  {
    let (key, _) = try await APIKeys.open(state: state) {
      try await $0.make(tenant: tenant, scopes: scopes, label: "test")
    }
    return try await service.authenticate(key)
  }

  func connect(_ key: String = "sandbox-us19", by principal: Principal? = nil) async throws
    -> ConnectionRecord
  {
    try await service.connect(
      ConnectOrder(connector: "mailchimp", secret: Secret(key), kind: .apiKey), by: principal ?? owner)
  }

  func order(_ connection: ConnectionRecord, key: String = "letter-1", at time: UInt64? = nil) -> PublishOrder
  {
    PublishOrder(
      connection: connection.id, idempotencyKey: key, payload: Self.campaign, scheduledFor: time)
  }

  func publish(
    on connection: ConnectionRecord, key: String = "letter-1", at time: UInt64? = nil,
    by principal: Principal? = nil
  ) async throws -> Job {
    try await service.publish(order(connection, key: key, at: time), by: principal ?? owner).job
  }

  /// Suspends until the log tells of the event, the job's or the host's, and returns the job as it is then.
  @discardableResult
  func job(_ id: String, after event: String, by principal: Principal? = nil) async throws -> JobDetail {
    try await logs.wait(for: event, of: id)
    return try await service.job(id, by: principal ?? owner)
  }

  func inject(_ fault: String) throws { sandbox.inject(try SandboxFault(parsing: fault)) }

  /// Campaigns that the platform sent.
  var sends: Int {
    get throws { try sandbox.state("mailchimp")["sends"]?.elements?.count ?? 0 }
  }

  /// Suspends until the platform has seen such a request, whether it is answered or not.
  func untilPlatformSaw(_ method: String, _ suffix: String) async throws {
    while !sandbox.requests().contains(where: { $0.method == method && $0.path.hasSuffix(suffix) }) {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  /// Puts another library under the name of the old one, as a deployment does.
  func replaceLibrary() throws {
    let library = URL(filePath: plugins + "/libMailchimpConnector.so")
    // ELF ignores what stands behind its sections.
    try (Data(contentsOf: library) + Data([0])).write(to: library, options: .atomic)
  }

  /// Changes the service's manifest of Mailchimp.
  func editManifest(_ old: String, _ new: String) throws {
    let file = URL(filePath: manifests + "/mailchimp.yaml")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    try #require(text.contains(old))
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }
}
