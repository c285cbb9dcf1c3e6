import ConnectorModel
import Ports
import Testing

@testable import Operations

/// One action after the other on one simulator, by the real connector, driver, manifest and edge.
struct MailchimpSession {
  /// The audience that the simulator starts with.
  static let audience = "a1b2c3d4e5"

  let simulator = MailchimpSimulator()
  private let host: MailchimpHost
  private var now: UInt64 = 1_767_225_600_000_000_000
  /// Says who asks, and under which plan.
  var key = "sandbox-us19"

  init(threads: TurnThreads) throws { host = try MailchimpHost(threads: threads) }

  /// Lets time pass.
  mutating func wait(seconds: UInt64) { now += seconds * 1_000_000_000 }

  mutating func report(
    _ name: String, _ input: JSONValue, kind: OperationStart.Kind = .action, order: String = "order-7",
    isLater: Bool = false
  ) async throws -> OperationReport {
    let life = Life()
    let clock = LifeClock(life, at: now)
    let driver = OperationDriver(
      threads: host.threads, clock: clock, keyValues: LifeKeyValues(life: life, file: JournalFile()),
      digest: ShortDigest.of)
    let request = OperationRequest(
      kind: kind, name: name, input: .json(try StableJSON.encode(input)),
      connection: Connection(id: "con_1", variables: ["dc": "us19"]), seed: 7, idempotencyKey: order,
      mustReconcile: isLater)
    let end = await life.run(request, on: host.connector(life, clock, on: simulator, key: key), by: driver)
    now = clock.unixNanoseconds + 1_000_000_000
    guard case .reported(let report) = end else { throw Killed() }
    return report
  }

  struct Killed: Error {}

  /// What an action that succeeds answers.
  mutating func run(
    _ name: String, _ input: JSONValue, order: String = "order-7", isLater: Bool = false
  ) async throws -> JSONValue {
    let report = try await report(name, input, order: order, isLater: isLater)
    guard case .succeeded(.json(let bytes)) = report.outcome else {
      throw report.error ?? OperationError(.internal, "\(name) neither succeeded nor failed")
    }
    return try StableJSON.decode(JSONValue.self, from: bytes)
  }

  /// The error of an action that fails.
  mutating func failure(_ name: String, _ input: JSONValue) async throws -> OperationError {
    try #require(try await report(name, input).error)
  }
}

extension JSONValue {
  func adding(_ more: [String: JSONValue]) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(more) { _, new in new })
  }
}
