import ConnectorModel
import Ports
import Synchronization
import TestTools
import Testing

@testable import Manifest
@testable import Operations
@testable import PluginLoader

/// A bad and a good connector in C, loaded through their entries and driven on the same threads.
struct DrivenHost {
  let clock = VirtualClock()
  let threads: TurnThreads
  let http: ScriptedDoor
  let bad: HostedConnector
  let good: HostedConnector
  let log = LogLines()
  private let driver: OperationDriver
  /// Kept: the private copies lie in it, and a connector that overruns comes back when they are gone.
  private let scratch = ScratchDirectory()

  init(
    _ flags: [String] = [], parallel: Bool = true, threads count: Int = 1,
    budget: TurnThreads.Budget = .init(),
    limits: Limits.OperationLimits = .standard, http: ScriptedDoor = ScriptedDoor { _ in .fine },
    realClock: SystemClock? = nil
  ) throws {
    scratch.write(try Fixture.library(flags), to: "libecho.so")
    scratch.write(try Fixture.library(["-DCONNECTOR_ID=\"good\""]), to: "libgood.so")
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let (connectors, report) = loader.load([
      Fixture.manifest { $0.concurrency = parallel ? .parallel : .serial },
      Fixture.manifest(id: "good", library: "libgood.so", path: "/manifests/good.yaml"),
    ])
    try #require(connectors.count == 2, "\(report)")
    let hosted = try connectors.map {
      HostedConnector(instance: try $0.makeInstance(), http: http, limits: limits)
    }
    (bad, good, self.http) = (hosted[0], hosted[1], http)
    threads = TurnThreads(count: count, budget: budget)
    driver = OperationDriver(
      threads: threads, clock: realClock ?? clock, keyValues: MemoryKeyValueStore())
  }

  func request(_ name: String, seed: UInt64 = 7) -> OperationRequest {
    OperationRequest(
      name: name, input: .json(Array("{}".utf8)), connection: Connection(id: "con_1"), seed: seed
    ) { [log] step in
      if case .log(let line) = step { log.add(line) }
    }
  }

  /// Runs an operation of the bad connector.
  func run(_ name: String) async -> OperationReport { await driver.run(request(name), on: bad) }

  /// Runs `name` and cancels it once it waits for its timer.
  func cancel(_ name: String) async -> OperationReport {
    let task = Task { await run(name) }
    await clock.waitForTimers(2)
    task.cancel()
    return await task.value
  }

  /// The good connector still serves, on the same threads.
  func expectGoodOperation(sourceLocation: SourceLocation = #_sourceLocation) async {
    let report = await driver.run(request("echo"), on: good)
    #expect(report.outcome == .succeeded(.json(Array("{}".utf8))), sourceLocation: sourceLocation)
  }

  /// How often the bad connector's `end` ran; waits for as many as are expected.
  func ends(atLeast expected: Int) async -> Int { await lines("ended", atLeast: expected) }

  /// How often the bad connector said so; waits for as many as are expected.
  @discardableResult
  func lines(_ message: String, atLeast expected: Int) async -> Int {
    while true {
      let count = log.all.filter { $0.message == message }.count
      if count >= expected { return count }
      await Task.yield()
    }
  }

  func stop() { withExtendedLifetime(scratch) { threads.stop() } }
}

/// Answers HTTP effects by a closure, never inline; a nil answer never comes.
final class ScriptedDoor: HTTPPerformer {
  private let answer: @Sendable (HTTPRequest) -> PerformedHTTP?
  let cancelled = Atomic(0)

  init(_ answer: @escaping @Sendable (HTTPRequest) -> PerformedHTTP?) { self.answer = answer }

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    if let answer = answer(request) { Task { deliver(answer) } }
    return Cancellation { self.cancelled.add(1, ordering: .relaxed) }
  }

  func operationEnded(_ operation: String) {}
}

extension PerformedHTTP {
  static let fine = PerformedHTTP(
    answer: HTTPAnswer(outcome: .ok, status: 200, body: .json(Array("{}".utf8))), requests: 1,
    performedWrite: true)
}
