import ConnectorModel
import Dispatch
import Manifest
import Ports
import Synchronization
import Testing

@testable import Operations

@Suite(.timeLimit(.minutes(10))) struct OperationDriverTests {
  private let clock = VirtualClock()

  private func driver(_ threads: TurnThreads) -> OperationDriver {
    OperationDriver(threads: threads, clock: clock, keyValues: MemoryKeyValueStore())
  }

  private func hosted(
    _ connector: ScriptedConnector, _ http: ScriptedHTTP = ScriptedHTTP(),
    limits: Limits.OperationLimits = .standard
  ) -> HostedConnector {
    HostedConnector(instance: connector, http: http, limits: limits)
  }

  private var request: OperationRequest {
    OperationRequest(name: "act", input: .json([]), connection: Connection(id: "con_1"), seed: 7)
  }

  @Test func operationRunsFromEffectToOutcome() async {
    let threads = TurnThreads(count: 2)
    defer { threads.stop() }
    let connector = ScriptedConnector { turn, events, _ in
      switch turn {
      case 1: .pushing(.effect(1, .http(.read("/a"))), .effect(2, .keyValue(.init(.get, key: "k"))))
      default: events.contains { $0.effect == 1 } ? .done : TurnRecord()
      }
    }
    let http = ScriptedHTTP { _ in .ok }
    let report = await driver(threads).run(request, on: hosted(connector, http))
    #expect(http.ended.withLock { $0 }.count == 1)
    #expect(report.outcome == .succeeded(.json(Array("{}".utf8))))
    #expect(report.requests == 1)
    #expect(connector.ended.load(ordering: .relaxed) == 1)
  }

  @Test func timersFollowTheClock() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let connector = ScriptedConnector { turn, _, _ in
      turn == 1 ? .pushing(.effect(1, .timer(.seconds(60)))) : .done
    }
    async let report = driver(threads).run(request, on: hosted(connector))
    // The deadline's timer and the operation's.
    await clock.waitForTimers(2)
    clock.advance(by: .seconds(60))
    #expect(await report.turns == 2)
  }

  @Test func deadlineEndsAnOperationThatOnlyReads() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let http = ScriptedHTTP()
    let connector = ScriptedConnector { _, _, _ in
      .pushing(.effect(1, .http(.read("/slow"))), .effect(2, .timer(.seconds(9_999))))
    }
    async let report = driver(threads).run(request, on: hosted(connector, http))
    await clock.waitForTimers(2)
    clock.advance(by: Limits.OperationLimits.standard.deadline)
    #expect(await report.error?.code == .timeout)
    #expect(http.cancelled.load(ordering: .relaxed) == 1)
    // Nobody waits for `end`, which waits for its thread.
    while connector.ended.load(ordering: .relaxed) == 0 { await Task.yield() }
  }

  @Test func deadlineDoesNotPassDuringAWaitForALimit() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let http = WaitingHTTP()
    let connector = HostedConnector(
      instance: ScriptedConnector { turn, _, _ in turn == 1 ? .pushing(.effect(1, .http(.read("/a")))) : .done
      },
      http: http, limits: .standard)
    async let report = driver(threads).run(request, on: connector)
    while !http.isAsked { await Task.yield() }
    http.tell(true)
    clock.advance(by: Limits.OperationLimits.standard.deadline * 3)
    http.tell(false)
    http.answer()
    #expect(await report.error == nil)
  }

  @Test func cancelledTaskCancelsTheOperation() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let connector = ScriptedConnector { _, _, _ in .pushing(.effect(1, .timer(.seconds(9_999)))) }
    let task = Task { [request] in await driver(threads).run(request, on: hosted(connector)) }
    await clock.waitForTimers(2)
    task.cancel()
    #expect(await task.value.error?.code == .cancelled)
  }

  @Test func connectorThatNeverReturnsIsTakenOutOfService() async {
    let threads = TurnThreads(count: 1, budget: .init(cpu: .milliseconds(20), wall: .seconds(10)))
    defer { threads.stop() }
    let release = Atomic(false)
    defer { release.store(true, ordering: .relaxed) }
    let bad = hosted(
      ScriptedConnector { _, _, _ in
        while !release.load(ordering: .relaxed) {}
        return .done
      })
    let report = await driver(threads).run(request, on: bad)
    #expect(report.error?.code == .protocol)
    #expect(report.error?.message.contains("S-7") == true)
    #expect(await driver(threads).run(request, on: bad).error?.message.contains("out of service") == true)
    // The host stays well: a new thread serves the others.
    let good = hosted(ScriptedConnector { _, _, _ in .done })
    #expect(await driver(threads).run(request, on: good).error == nil)
    #expect(threads.isReady)
  }

  @Test func longTurnSeesThatItShouldStop() async {
    let threads = TurnThreads(count: 1, budget: .init(cpu: .milliseconds(20), wall: .seconds(10)))
    defer { threads.stop() }
    let sawIt = Atomic(false)
    let connector = ScriptedConnector { _, _, turn in
      while !turn.shouldStop() {}
      sawIt.store(true, ordering: .relaxed)
      return .done
    }
    _ = await driver(threads).run(request, on: hosted(connector))
    while !sawIt.load(ordering: .relaxed) { await Task.yield() }
  }

  @Test func callsIntoASerialConnectorNeverOverlap() async {
    let threads = TurnThreads(count: 4)
    defer { threads.stop() }
    let connector = ScriptedConnector(isParallel: false) { turn, _, _ in
      turn < 5 ? .pushing(.effect(UInt64(turn), .http(.read("/a")))) : .done
    }
    let serial = hosted(connector, ScriptedHTTP { _ in .ok })
    let driver = driver(threads)
    await withTaskGroup(of: OperationReport.self) { group in
      for _ in 0..<50 { group.addTask { [request] in await driver.run(request, on: serial) } }
      for await report in group { #expect(report.error == nil) }
    }
    #expect(connector.overlaps.load(ordering: .relaxed) == 0)
    #expect(connector.ended.load(ordering: .relaxed) == 50)
  }

  @Test func effectsDecidedBeforeACancelAreNotStartedAfterIt() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let relay = CancellationRelay()
    // Cancelled while the first of two effects is being started.
    let http = ScriptedHTTP { request in
      if request.url == "/a" { relay.cancel() }
      return nil
    }
    let connector = ScriptedConnector { _, _, _ in
      .pushing(.effect(1, .http(.write("/a"))), .effect(2, .http(.write("/b"))))
    }
    let report = await withCheckedContinuation { continuation in
      let handle = driver(threads).start(request, on: hosted(connector, http)) {
        continuation.resume(returning: $0)
      }
      relay.set(Cancellation { handle.cancel() })
    }
    #expect(report.error?.code == .unknownOutcome)
    while http.cancelled.load(ordering: .relaxed) == 0 { await Task.yield() }
    #expect(http.asked.withLock { $0.map(\.url) } == ["/a"])
  }

  @Test func endRunsOnATurnThreadWhoeverCancels() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let thread = Mutex("")
    let connector = ScriptedConnector(
      isParallel: false, onEnd: { thread.withLock { $0 = ThreadName.current } }
    ) { _, _, _ in .pushing(.effect(1, .timer(.seconds(9_999)))) }
    async let report = driver(threads).run(request, on: hosted(connector))
    await clock.waitForTimers(2)
    clock.advance(by: Limits.OperationLimits.standard.deadline)
    #expect(await report.error?.code == .timeout)
    while connector.ended.load(ordering: .relaxed) == 0 { await Task.yield() }
    #expect(thread.withLock { $0 } == "patchbay-turn-1")
  }

  @Test func outcomeDoesNotWaitForAnEndThatHangs() async {
    let threads = TurnThreads(count: 1, budget: .init(cpu: .seconds(60), wall: .milliseconds(200)))
    defer { threads.stop() }
    let release = DispatchSemaphore(value: 0)
    let connector = hosted(ScriptedConnector(onEnd: { release.wait() }) { _, _, _ in .done })
    #expect(await driver(threads).run(request, on: connector).error == nil)
    #expect(connector.health.failure?.message.contains("S-7") == true)
    release.signal()
  }

  @Test func threadThatIsNotReplacedServesAgainWhenItComesBack() async {
    let threads = TurnThreads(count: 1, budget: .init(cpu: .seconds(60), wall: .milliseconds(200)))
    defer { threads.stop() }
    let release = DispatchSemaphore(value: 0)
    for overrun in 0...TurnThreads.maximumReplacements {
      #expect(threads.isReady, "before overrun \(overrun)")
      let bad = ScriptedConnector { _, _, _ in
        release.wait()
        return .done
      }
      #expect(await driver(threads).run(request, on: hosted(bad)).error?.message.contains("S-7") == true)
    }
    #expect(!threads.isReady)
    for _ in 0...TurnThreads.maximumReplacements { release.signal() }
    #expect(
      await driver(threads).run(request, on: hosted(ScriptedConnector { _, _, _ in .done })).error == nil)
  }

  @Test func turnThatComesBackTooLateIsForgotten() async {
    let threads = TurnThreads(count: 1, budget: .init(cpu: .seconds(60), wall: .milliseconds(200)))
    defer { threads.stop() }
    let release = DispatchSemaphore(value: 0)
    let connector = ScriptedConnector { _, _, _ in
      release.wait()
      return .pushing(.effect(1, .http(.write("/late"))))
    }
    let http = ScriptedHTTP()
    _ = await driver(threads).run(request, on: hosted(connector, http))
    release.signal()
    while connector.abandoned.load(ordering: .relaxed) == 0 { await Task.yield() }
    #expect(connector.ended.load(ordering: .relaxed) == 0)
    #expect(http.asked.withLock { $0.isEmpty })
  }

  @Test func operationIsGoneAfterItsEnd() async {
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let connector = ScriptedConnector(wantsCleanup: true) { turn, _, _ in
      switch turn {
      case 1: .pushing(.effect(1, .http(.read("/a"))), .effect(2, .timer(.seconds(9))))
      case 2: .pushing(.effect(3, .timer(.seconds(1))))
      default: .done
      }
    }
    weak var watched: DrivenOperation?
    await withCheckedContinuation { continuation in
      let operation = DrivenOperation(request, hosted(connector), driver(threads)) { _ in
        continuation.resume()
      }
      watched = operation
      operation.start()
      operation.cancel()
    }
    while watched != nil { await Task.yield() }
    #expect(clock.pendingTimers == 0)
  }

  @Test func attributesTellTheAccountAndNothingElse() {
    var request = request
    request.connection = Connection(
      id: "con_1", accountID: "a1", accountFacts: ["login": "l1"], variables: ["dc": "us19"])
    request.mustReconcile = true
    #expect(
      request.attributes == [
        HeaderField("patchbay.connection", "con_1"), HeaderField("patchbay.account.id", "a1"),
        HeaderField("patchbay.account.login", "l1"), HeaderField("patchbay.var.dc", "us19"),
        HeaderField("patchbay.reconcile", "1"),
      ])
  }
}

/// An exchange that waits for a limit as long as a test wants.
private final class WaitingHTTP: HTTPPerformer {
  private let asked = Mutex<(scope: OperationScope, deliver: @Sendable (PerformedHTTP) -> Void)?>(nil)

  var isAsked: Bool { asked.withLock { $0 != nil } }
  func tell(_ isWaiting: Bool) { asked.withLock { $0 }?.scope.waits(isWaiting) }
  func answer() { asked.withLock { $0 }?.deliver(.ok) }

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    asked.withLock { $0 = (operation, deliver) }
    return Cancellation { [self] in
      let answer = HTTPAnswer(outcome: .cancelled)
      asked.withLock { $0 }?.deliver(PerformedHTTP(answer: answer))
    }
  }

  func operationEnded(_ operation: String) {}
}
