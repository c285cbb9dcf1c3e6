import ConnectorModel
import Manifest
import Ports
import Synchronization
import TestTools
import Testing

@testable import Operations

/// Whatever a connector does, an operation reports once, ends once and leaves nothing behind.
///
/// `scripts/fuzz driver` runs more of it. Seen red: with the deadline's timer kept after the report.
@Suite(.timeLimit(.minutes(10))) struct DriverFuzzTests {
  /// More than any operation needs to come to its end.
  private static let patience = 200_000

  @Test func randomConnectorNeverConfusesTheDriver() async {
    let threads = TurnThreads(count: 2)
    defer { threads.stop() }
    let run = FuzzRun("driver", rounds: 400)
    for seed in run.seeds {
      run.note(Array("seed \(seed)".utf8))
      await operate(seed, threads)
    }
  }

  private func operate(_ seed: UInt64, _ threads: TurnThreads) async {
    var random = SplitMix64(seed: seed)
    let clock = VirtualClock()
    let http = RandomHTTP(seed: seed)
    let book = EffectBook()
    let connector = ScriptedConnector(
      isParallel: .random(using: &random), wantsCleanup: .random(using: &random),
      begins: Int.random(in: 0..<20, using: &random) > 0
    ) { turn, events, given in
      book.turn(turn, events, given, SplitMix64(seed: seed &* 1_000_003 &+ UInt64(turn)))
    }
    let driver = OperationDriver(threads: threads, clock: clock, keyValues: MemoryKeyValueStore())
    let hosted = HostedConnector(instance: connector, http: http, limits: .standard)
    let request = OperationRequest(
      name: "fuzz", input: .json(Array("{}".utf8)), connection: Connection(id: "con_1"), seed: seed)
    let reports = Mutex<[OperationReport]>([])
    let handle = driver.start(request, on: hosted) { report in reports.withLock { $0.append(report) } }
    let cancelsAt = Bool.random(using: &random) ? Int.random(in: 0..<200, using: &random) : nil
    for step in 0..<Self.patience where reports.withLock({ $0.isEmpty }) {
      await Task.yield()
      if step == cancelsAt { Bool.random(using: &random) ? handle.cancel() : handle.suspend() }
      // Time stands still until the first turn, or the deadline would pass before it.
      if step % 32 == 31, book.turns > 0 { clock.advanceToNextTimer() }
    }
    // The last turn may still be on its way back.
    for _ in 0..<Self.patience {
      let isOver = connector.ended.load(ordering: .relaxed) == (connector.begins && book.turns > 0 ? 1 : 0)
      if isOver, clock.pendingTimers == 0, !http.ended.withLock({ $0.isEmpty }) { break }
      await Task.yield()
    }
    #expect(reports.withLock { $0.count } == 1, "seed \(seed)")
    let told = reports.withLock { reports in reports.map { "\($0.outcome) after \($0.turns) turns" } }
    #expect(
      connector.ended.load(ordering: .relaxed) == (connector.begins && book.turns > 0 ? 1 : 0),
      "seed \(seed): \(told)")
    #expect(connector.abandoned.load(ordering: .relaxed) == 0, "seed \(seed)")
    #expect(connector.overlaps.load(ordering: .relaxed) == 0, "seed \(seed)")
    #expect(http.ended.withLock { $0.count } == 1, "seed \(seed)")
    #expect(clock.pendingTimers == 0, "seed \(seed)")
    #expect(book.complaints.isEmpty, "seed \(seed): \(book.complaints)")
  }
}

/// A connector that does anything at random, and what it may expect of its host.
private final class EffectBook: Sendable {
  fileprivate struct State {
    var outstanding: Set<UInt64> = []
    var last: UInt64 = 0
    var clock: UInt64 = 0
    var hasEnded = false
    var turns = 0
    var complaints: [String] = []
  }

  private let state = Mutex(State())

  var complaints: [String] { state.withLock { $0.complaints } }
  var turns: Int { state.withLock { $0.turns } }

  func turn(_ number: Int, _ events: [Event], _ turn: Turn, _ seed: SplitMix64) -> TurnRecord {
    state.withLock { state in
      var random = seed
      state.receive(number, events, turn)
      return state.answer(turn, using: &random)
    }
  }
}

extension EffectBook.State {
  fileprivate mutating func receive(_ number: Int, _ events: [Event], _ turn: Turn) {
    turns += 1
    if hasEnded { complaints.append("a turn after the end") }
    if number > 1, events.isEmpty { complaints.append("resumed with nothing") }
    if turn.unixNanoseconds < clock { complaints.append("the clock went back") }
    clock = turn.unixNanoseconds
    for event in events where event.effect != 0 {
      if outstanding.remove(event.effect) == nil { complaints.append("an event for effect \(event.effect)") }
    }
    if turn.firstEffect <= last, last > 0 { complaints.append("effect ids went back") }
  }

  fileprivate mutating func answer(_ turn: Turn, using random: inout SplitMix64) -> TurnRecord {
    var record = TurnRecord(random: turn.random)
    var next = turn.firstEffect
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      push(&record, &next, turn, using: &random)
    }
    switch Int.random(in: 0..<40, using: &random) {
    case 0: record.status = .internal
    case 1: record.violations.append(RuleViolation("S-2", "a push after the end"))
    case 2: record.cpuNanoseconds = 50_000_000
    case 3: record.pushes.append(.fail(OperationError(.unknownOutcome, "enough", retry: .unknownOutcome)))
    default: break
    }
    if record.status != .ok || !record.violations.isEmpty { hasEnded = true }
    return record
  }

  private mutating func push(
    _ record: inout TurnRecord, _ next: inout UInt64, _ turn: Turn, using random: inout SplitMix64
  ) {
    switch Int.random(in: 0..<12, using: &random) {
    case 0...4:
      guard next - turn.firstEffect < UInt64(turn.effectAllowance) else { return }
      record.pushes.append(.effect(next, effect(using: &random)))
      outstanding.insert(next)
      last = next
      next += 1
    case 5:
      let id = outstanding.sorted().randomElement(using: &random) ?? UInt64.random(in: 0...99, using: &random)
      record.pushes.append(.cancelEffect(id))
      outstanding.remove(id)
    case 6: record.pushes.append(.emit(stream: "record", .json(Array("{}".utf8))))
    case 7: record.pushes.append(.complete(.json(Array("{}".utf8))))
    case 8: record.pushes.append(.fail(OperationError(.conflict, "no")))
    default: break
    }
  }

  private func effect(using random: inout SplitMix64) -> Effect {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: .timer(.milliseconds(Int64.random(in: 0...100_000, using: &random)))
    case 1:
      .keyValue(
        KeyValueRequest(
          Bool.random(using: &random) ? .get : .put, key: "k\(Int.random(in: 0...3, using: &random))",
          value: [1]))
    case 2: .http(.read("/\(random.next() % 10)"))
    default: .http(.write("/\(random.next() % 10)"))
    }
  }
}

/// Answers anything, at any time, or only when it is given up.
private final class RandomHTTP: HTTPPerformer {
  let ended = Mutex<[String]>([])
  private let random: Mutex<SplitMix64>

  init(seed: UInt64) { random = Mutex(SplitMix64(seed: seed ^ 0xABCD)) }

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let (choice, delay) = random.withLock {
      (Int.random(in: 0..<6, using: &$0), Int.random(in: 0..<20, using: &$0))
    }
    let isDelivered = Atomic(false)
    let relay = Relay { answer in
      guard !isDelivered.exchange(true, ordering: .relaxed) else { return }
      deliver(answer)
    }
    if choice > 0 {
      Task {
        for _ in 0..<delay { await Task.yield() }
        relay.deliver(Self.answer(choice))
      }
    }
    return Cancellation {
      Task { relay.deliver(PerformedHTTP(answer: HTTPAnswer(outcome: .cancelled, message: "given up"))) }
    }
  }

  func operationEnded(_ operation: String) { ended.withLock { $0.append(operation) } }

  private static func answer(_ choice: Int) -> PerformedHTTP {
    switch choice {
    case 1, 2: .ok
    case 3:
      PerformedHTTP(
        answer: HTTPAnswer(outcome: .unknownOutcome, message: "cut"), requests: 1, performedWrite: true)
    case 4:
      PerformedHTTP(
        answer: HTTPAnswer(outcome: .rateLimited, status: 429, retryAfter: .seconds(90)),
        askedToWait: .seconds(90))
    default: PerformedHTTP(answer: HTTPAnswer(outcome: .network, message: "nothing was sent"))
    }
  }
}

private struct Relay: Sendable {
  let deliver: @Sendable (PerformedHTTP) -> Void
}
