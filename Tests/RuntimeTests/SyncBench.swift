import ConnectorModel
import FoundationEssentials
import Ports
import Secrets
import Telemetry
import TestTools
import Testing

@testable import Runtime

/// A service whose connector is `feed`, on a virtual clock, with a connection whose pages the test writes.
final class SyncBench: Sendable {
  static let minute = Duration.seconds(60)
  static let hour = minute * 60

  let place: ScratchDirectory
  let clock: VirtualClock
  let service: Service
  let logs: LogCapture
  let owner: Principal
  let work: Task<Void, Never>?

  private init(
    _ place: ScratchDirectory, _ clock: VirtualClock, _ service: Service, _ logs: LogCapture,
    _ owner: Principal,
    isWorking: Bool
  ) {
    self.place = place
    self.clock = clock
    self.service = service
    self.logs = logs
    self.owner = owner
    work = isWorking ? Task { await service.run() } : nil
  }

  /// - Parameter isWorking: the service runs; else the test takes its parts.
  static func with(isWorking: Bool = true, _ body: (SyncBench) async throws -> Void) async throws {
    let place = ScratchDirectory()
    let files = FileManager.default
    let feed = ServiceBench.checkout.appending(path: "Tests/Connectors/Feed/manifests")
    try files.copyItem(atPath: feed.path, toPath: place.file("manifests"))
    try files.createDirectory(atPath: place.file("plugins"), withIntermediateDirectories: false)
    try files.copyItem(
      atPath: ServiceBench.products.appending(path: "libFeedConnector.so").path,
      toPath: place.file("plugins/libFeedConnector.so"))
    let bench = try await open(place, VirtualClock(), isWorking: isWorking)
    do {
      try await body(bench)
    } catch {
      Issue.record(error)
    }
    await bench.stop()
  }

  private static func open(
    _ place: ScratchDirectory, _ clock: VirtualClock, isWorking: Bool, owner: Principal? = nil
  ) async throws -> SyncBench {
    let logs = LogCapture()
    let redaction = LogRedaction()
    let options = ServiceOptions(
      host: HostOptions(
        manifests: [place.file("manifests")], plugins: [place.file("plugins")], state: place.file("state")),
      log: EventLog(minimumLevel: .debug, redaction: redaction, sink: logs), redaction: redaction)
    let service = try await Service.open(options, clock: clock)
    var known = owner
    if let key = try await service.makeFirstKey() { known = try await service.authenticate(key) }
    return SyncBench(place, clock, service, logs, try #require(known), isWorking: isWorking)
  }

  /// Another service on what this one left, which must have been stopped.
  func reopened() async throws -> SyncBench {
    try await Self.open(place, clock, isWorking: true, owner: owner)
  }

  func stop() async {
    await service.stop(within: .zero)
    await work?.value
  }

  // MARK: The platform

  /// Where the service works, its stream is known when this returns.
  func connect() async throws -> ConnectionRecord {
    let connection = try await service.connect(
      ConnectOrder(connector: "feed", secret: Secret("feed-key"), kind: .apiKey), by: owner)
    while work != nil, try await service.store.sync(connection: connection.id, stream: "items") == nil {
      try Task.checkCancellation()
      await Task.yield()
    }
    return connection
  }

  /// Writes page `number` of the feed that `connection` reads.
  func put(_ number: Int, _ page: JSONValue, of connection: ConnectionRecord) async throws {
    try await access(
      KeyValueRequest(.put, key: "page/\(number)", value: try StableJSON.encode(page)), connection)
  }

  func remove(_ number: Int, of connection: ConnectionRecord) async throws {
    try await access(KeyValueRequest(.delete, key: "page/\(number)"), connection)
  }

  private func access(_ request: KeyValueRequest, _ connection: ConnectionRecord) async throws {
    let answer = await withCheckedContinuation { continuation in
      service.store.perform(
        request, connection: connection.id, connector: "feed", now: clock.unixNanoseconds, effect: nil
      ) { continuation.resume(returning: $0) }
    }
    try #require(answer.outcome == .ok, "\(answer)")
  }

  static func item(_ id: String, opens: Int = 1, at: String = "2026-01-01T00:00:00Z") -> JSONValue {
    ["id": .string(id), "at": .string(at), "opens": .integer(Int64(opens))]
  }

  static func page(_ items: JSONValue..., with members: [String: JSONValue] = [:]) -> JSONValue {
    .object(members.merging(["records": .array(items)]) { _, new in new })
  }

  // MARK: What tests do again and again

  /// Moves the clock and has what is due read.
  func pass(_ time: Duration) {
    clock.advance(by: time)
    service.syncRunner.wake()
  }

  /// Suspends until so many runs of the connection's stream ended so: succeeded, failed, waiting or interrupted.
  @discardableResult
  func sync(_ connection: ConnectionRecord, _ ending: String, count: Int = 1) async throws -> SyncStatus {
    try await logs.wait(for: "sync.\(ending)", of: connection.id, count: count)
    return try await status(connection)
  }

  func status(_ connection: ConnectionRecord) async throws -> SyncStatus {
    try #require(try await service.syncs(connection: connection.id, by: owner).first)
  }

  func records(_ connection: ConnectionRecord) async throws -> [SyncRecord] {
    try await service.analytics(
      connection: connection.id, matching: AnalyticsQuery(), page: PageRequest(limit: 200), by: owner
    ).records.elements.sorted { $0.id < $1.id }
  }

  /// How often a line of this event about the connection was logged.
  func count(_ event: String, of connection: ConnectionRecord) -> Int {
    logs.text.split(separator: "\n").count {
      $0.contains("\"event\":\"\(event)\"") && $0.contains(connection.id)
    }
  }
}
