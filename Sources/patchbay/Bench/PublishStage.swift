internal import ConnectorModel
internal import Ports
internal import Runtime
internal import Secrets
internal import Telemetry

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A service of its own in this process and the sandbox it publishes to, in a child.
struct PublishStage: Sendable {
  let service: Service
  let principal: Principal
  /// The sandbox's control.
  let platform: APIClient
  private let sandbox: ChildProgram
  private let work: Task<Void, Never>
  private let directory: String

  private static let apiKey = "sandbox-us19"

  /// - Parameter withoutBuckets: with a copy of the manifests in which nothing limits how many calls are in flight.
  static func open(_ host: HostArguments, concurrency: Int, withoutBuckets: Bool) async throws -> PublishStage
  {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "patchbay-bench-\(UUID().uuidString)"
    ).path
    for folder in ["", "/sandbox", "/host"] {
      try FileManager.default.createDirectory(
        atPath: directory + folder, withIntermediateDirectories: true)
    }
    let environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("PATCHBAY_") }.map { "\($0.key)=\($0.value)" }
    let sandbox = try await ChildProgram.start(
      ["sandbox", "--port", "0", "--tls-port", "0", "--state", directory + "/sandbox"],
      log: directory + "/sandbox.log", environment: environment)
    var options = try host.options(
      sandbox: SandboxAddress(
        address: "127.0.0.1", tlsPort: URL(string: sandbox.ready["tls"]?.text ?? "")?.port ?? 0,
        authority: sandbox.ready["ca"]?.text ?? ""))
    options.state = directory + "/host"
    if withoutBuckets {
      options.manifests = [try unlimited(copyOf: host.manifests, in: directory)]
    }
    let redaction = LogRedaction()
    let service = try await Service.open(
      ServiceOptions(
        host: options, log: EventLog(minimumLevel: .error, redaction: redaction), redaction: redaction,
        concurrency: concurrency))
    guard let key = try await service.makeFirstKey() else {
      throw CommandFailure(sentence: "the state directory is not new")
    }
    return PublishStage(
      service: service, principal: try await service.authenticate(key),
      platform: try APIClient(
        url: sandbox.ready["http"]?.text ?? "", key: Secret("none"), authority: nil),
      sandbox: sandbox, work: Task { await service.run() }, directory: directory)
  }

  /// Ends all of it and removes what it kept.
  func close() async {
    await service.stop(within: .zero)
    await work.value
    try? await sandbox.end(9)
    try? FileManager.default.removeItem(atPath: directory)
  }

  func connect() async throws -> String {
    try await service.connect(
      ConnectOrder(connector: "mailchimp", secret: Secret(Self.apiKey), kind: .apiKey), by: principal
    ).id
  }

  func publish(_ number: Int, over connection: String) async throws -> String {
    let payload: JSONValue = [
      "audience": "a1b2c3d4e5", "subject": .string("Bench post \(number)"), "fromName": "Bench",
      "replyTo": "bench@example.com", "html": "<p>Bench *|UNSUB|*</p>", "send": "now",
    ]
    return try await service.publish(
      PublishOrder(connection: connection, idempotencyKey: "bench-\(number)", payload: payload),
      by: principal
    ).job.id
  }

  /// The manifests without their buckets: lines of the form that the bundled manifest has.
  private static func unlimited(copyOf manifests: String, in directory: String) throws -> String {
    let copy = directory + "/manifests"
    try FileManager.default.copyItem(atPath: manifests, toPath: copy)
    let file = copy + "/mailchimp.yaml"
    let lines = try String(contentsOfFile: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let bucket = "    concurrency: {scope: account, concurrent: "
    let changed = lines.map { $0.hasPrefix(bucket) ? bucket + "10000}" : $0 }
    guard changed != lines else {
      throw CommandFailure(sentence: "\(file) has no concurrency bucket where this bench looks for it")
    }
    try changed.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    return copy
  }
}
