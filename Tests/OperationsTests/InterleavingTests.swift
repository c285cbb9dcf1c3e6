@_spi(Testing) import ConnectorKit
import Manifest
import Ports
import Synchronization
import Testing

@testable import Operations

/// Thousands of operations of the kit at once: results do not depend on threads, order or batching.
@Suite(.timeLimit(.minutes(10))) struct InterleavingTests {
  private struct Input: Codable { var number: Int }
  private struct Output: Codable { var trace: [String] }

  /// Everything an author may do: children, groups, timers, state, chance.
  private static let busy = Action("busy") {
    (input: Input, context: OperationContext) async throws -> Output in
    var trace = ["\(input.number)", "\(try context.random())"]
    async let first = context.http(.read("/first/\(input.number)"))
    async let second = context.http(.read("/second/\(input.number)"))
    async let rest: Void = context.sleep(for: .microseconds(input.number % 7 * 100))
    trace += [try await first.status, try await second.status].map(String.init)
    try await rest
    let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for child in 0..<3 {
        group.addTask { (child, try await context.http(.read("/child/\(child)")).status) }
      }
      var statuses = [0, 0, 0]
      for try await (child, status) in group { statuses[child] = status }
      return statuses
    }
    trace += statuses.map(String.init)
    let key = "key-\(input.number)"
    let version = try await context.kv.put(key, Array("\(input.number)".utf8))
    let kept = try await context.kv.get(key)?.value ?? []
    trace += [version > 0 ? "kept" : "lost", String(decoding: kept, as: UTF8.self), "\(try context.uuid())"]
    if input.number % 5 == 0 { throw OperationError(.conflict, trace.joined(separator: " ")) }
    return Output(trace: trace)
  }

  private func outcomes(_ numbers: Range<Int>, threads count: Int, atOnce: Int, _ connector: KitConnector)
    async -> [Int: OperationReport.Outcome]
  {
    let threads = TurnThreads(count: count)
    defer { threads.stop() }
    let driver = OperationDriver(
      threads: threads, clock: SystemClock(), keyValues: MemoryKeyValueStore())
    let hosted = HostedConnector(instance: connector, http: LateHTTP(), limits: .standard)
    return await withTaskGroup(of: (Int, OperationReport.Outcome).self) { group in
      var outcomes: [Int: OperationReport.Outcome] = [:]
      for number in numbers {
        if number >= atOnce, let (number, outcome) = await group.next() { outcomes[number] = outcome }
        group.addTask {
          let request = OperationRequest(
            name: "busy", input: .json(Array(#"{"number":\#(number)}"#.utf8)),
            connection: Connection(id: "con_\(number)"), seed: UInt64(number))
          return (number, await driver.run(request, on: hosted).outcome)
        }
      }
      for await (number, outcome) in group { outcomes[number] = outcome }
      return outcomes
    }
  }

  @Test func tenThousandOverEightThreadsDoTheSameAsOneByOne() async {
    let connector = KitConnector(Self.busy)
    let together = await outcomes(0..<10_000, threads: 8, atOnce: 2_000, connector)
    let alone = await outcomes(0..<300, threads: 1, atOnce: 1, KitConnector(Self.busy))
    for number in alone.keys { #expect(together[number] == alone[number]) }
    #expect(together.count == 10_000)
    for (number, outcome) in together {
      switch outcome {
      case .succeeded: #expect(number % 5 != 0)
      case .failed(let error): #expect(number % 5 == 0 && error.code == .conflict, "\(error)")
      case .parked, .suspended, .fenced: Issue.record("\(outcome)")
      }
    }
    #expect(connector.begun.load(ordering: .relaxed) == 10_000)
    #expect(connector.ended.load(ordering: .relaxed) == 10_000)
  }

  /// Cancelled at any moment, an operation reports once, ends once and is gone.
  @Test func cancelledAtAnyMomentEndsOnce() async {
    let threads = TurnThreads(count: 8)
    defer { threads.stop() }
    let driver = OperationDriver(
      threads: threads, clock: SystemClock(), keyValues: MemoryKeyValueStore())
    let connector = KitConnector(Self.busy)
    let hosted = HostedConnector(instance: connector, http: LateHTTP(), limits: .standard)
    let watched = Watched()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<3_000 {
        group.addTask {
          await withCheckedContinuation { continuation in
            let request = OperationRequest(
              name: "busy", input: .json(Array(#"{"number":\#(number)}"#.utf8)),
              connection: Connection(id: "con_\(number)"), seed: UInt64(number))
            // Resuming twice would trap.
            let operation = DrivenOperation(request, hosted, driver) { _ in continuation.resume() }
            watched.add(operation)
            operation.start()
            _ = driver.clock.schedule(after: .microseconds(number % 40 * 50)) { operation.cancel() }
          }
        }
      }
    }
    while watched.isAnyAlive { await Task.yield() }
    #expect(connector.ended.load(ordering: .relaxed) == connector.begun.load(ordering: .relaxed))
  }
}

/// Operations that should go, without keeping them.
private final class Watched: Sendable {
  private struct Weak: Sendable {
    weak let operation: DrivenOperation?
  }

  private let operations = Mutex<[Weak]>([])

  func add(_ operation: DrivenOperation) {
    operations.withLock { $0.append(Weak(operation: operation)) }
  }

  var isAnyAlive: Bool { operations.withLock { $0.contains { $0.operation != nil } } }
}

/// Answers after up to half a millisecond, on the clock's thread; says so when it is cancelled before.
private final class LateHTTP: HTTPPerformer {
  private let chance = Mutex(SystemRandomNumberGenerator())

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let delay = chance.withLock { Int.random(in: 0..<500, using: &$0) }
    return SystemClock().schedule(after: .microseconds(delay)) { deliver(.ok) }
  }

  func operationEnded(_ operation: String) {}
}
