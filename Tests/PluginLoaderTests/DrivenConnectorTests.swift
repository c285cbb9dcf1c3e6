import ConnectorModel
import Manifest
import Ports
import Synchronization
import TestTools
import Testing

@testable import Operations

/// Connectors in C, from the file on disk to the report: whatever one does, it is named and the others go on.
@Suite(.offThePool, .needsClang, .timeLimit(.minutes(10))) struct DrivenConnectorTests {
  private func expectRule(
    _ rule: String, _ report: OperationReport, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(report.error?.code == .protocol, sourceLocation: sourceLocation)
    #expect(
      report.error?.message.hasPrefix("the connector broke rule \(rule): ") == true,
      "\(report.outcome)", sourceLocation: sourceLocation)
  }

  @Test func operationWithEveryKindOfEffectCompletes() async throws {
    let host = try DrivenHost()
    defer { host.stop() }
    async let running = host.run("fetch")
    await host.clock.waitForTimers(2)
    host.clock.advance(by: .milliseconds(250))
    let report = await running
    #expect(report.outcome == .succeeded(.json(Array(#"{"done":true}"#.utf8))))
    #expect(report.requests == 1 && report.performedWrite)
    #expect(report.records.map(\.stream) == ["seen", "seen", "seen"])
    #expect(await host.ends(atLeast: 1) == 1)
    await host.expectGoodOperation()
  }

  @Test(arguments: [
    ("stalls", "S-1"), ("pushes after its end", "S-2"), ("ends twice", "S-2"), ("sends bad UTF-8", "M-8"),
    ("logs bad UTF-8", "M-8"), ("sends NULL with a length", "M-4"), ("sends a NULL request", "M-4"),
    ("sends an absurd length", "M-9"), ("completes with text", "P-2"), ("nothing", "L-3"),
  ])
  func brokenRuleIsNamedAndTheOthersGoOn(name: String, rule: String) async throws {
    let host = try DrivenHost()
    defer { host.stop() }
    expectRule(rule, await host.run(name))
    if name != "nothing" { #expect(await host.ends(atLeast: 1) == 1) }
    // A broken rule costs the operation, not the connector.
    #expect(await host.run("echo").error == nil)
    await host.expectGoodOperation()
  }

  @Test func effectsOverTheManifestsLimitAreNamed() async throws {
    var limits = Limits.OperationLimits.standard
    limits.effects = 9
    let host = try DrivenHost(limits: limits)
    defer { host.stop() }
    expectRule("S-8", await host.run("pushes many effects"))
    #expect(host.clock.pendingTimers == 0)
    await host.expectGoodOperation()
  }

  @Test(arguments: [
    ("spins", TurnThreads.Budget(cpu: .milliseconds(20), wall: .seconds(30))),
    ("sleeps", TurnThreads.Budget(cpu: .seconds(30), wall: .milliseconds(500))),
  ])
  func overrunIsReportedAtOnceAndTheConnectorLeavesService(name: String, budget: TurnThreads.Budget)
    async throws
  {
    let host = try DrivenHost(budget: budget)
    defer { host.stop() }
    expectRule("S-7", await host.run(name))
    #expect(host.threads.isReady)
    let refused = await host.run("echo").error
    #expect(refused?.message.hasPrefix("connector echo is out of service: ") == true)
    // The only thread is still inside the bad connector: this one has taken its place.
    await host.expectGoodOperation()
  }

  @Test func overrunInEndCostsTheConnectorAndNotTheOutcome() async throws {
    let host = try DrivenHost(budget: .init(cpu: .milliseconds(20), wall: .seconds(30)))
    defer { host.stop() }
    #expect(await host.run("spins in its end").outcome == .succeeded(.json(Array("{}".utf8))))
    await host.expectGoodOperation()
    #expect(await host.run("echo").error?.message.contains("S-7") == true)
  }

  @Test(arguments: [true, false])
  func otherOperationsOfAnOverrunConnectorFailAtOnce(parallel: Bool) async throws {
    let host = try DrivenHost(
      parallel: parallel, budget: .init(cpu: .milliseconds(20), wall: .seconds(30)))
    defer { host.stop() }
    async let waiting = host.run("waits")
    await host.clock.waitForTimers(2)
    expectRule("S-7", await host.run("spins"))
    // No time passes on its clock: neither its timer nor its deadline woke it.
    expectRule("S-7", await waiting)
    #expect(host.clock.pendingTimers == 0)
    await host.expectGoodOperation()
    // Nothing was called on it again.
    #expect(host.log.all.filter { $0.message == "ended" }.isEmpty)
  }

  @Test func deadlineCancelsCleansUpAndEnds() async throws {
    let host = try DrivenHost()
    defer { host.stop() }
    async let running = host.run("waits")
    await host.clock.waitForTimers(2)
    host.clock.advance(by: Limits.OperationLimits.standard.deadline)
    let report = await running
    #expect(report.error?.code == .timeout && report.turns == 2)
    #expect(await host.ends(atLeast: 1) == 1)
    #expect(host.clock.pendingTimers == 0)
    await host.expectGoodOperation()
  }

  @Test func connectorWithoutCleanUpIsOnlyEnded() async throws {
    let host = try DrivenHost(["-DTABLE_FLAGS=PATCHBAY_PARALLEL_OPS"])
    defer { host.stop() }
    let report = await host.cancel("waits")
    #expect(report.error?.code == .cancelled && report.turns == 1)
    #expect(await host.ends(atLeast: 1) == 1)
    await host.expectGoodOperation()
  }

  @Test func graceEndsWhatIgnoresItsCancellation() async throws {
    let host = try DrivenHost()
    defer { host.stop() }
    let task = Task { await host.run("ignores its cancellation") }
    await host.clock.waitForTimers(2)
    task.cancel()
    // Timers cannot tell: the one that is given up may still be there when the grace time's begins.
    await host.lines("ignored", atLeast: 1)
    host.clock.advance(by: OperationMachine.grace)
    let report = await task.value
    #expect(report.error?.code == .cancelled && report.turns == 2)
    #expect(await host.ends(atLeast: 1) == 1)
    #expect(host.clock.pendingTimers == 0)
    await host.expectGoodOperation()
  }

  @Test func absurdTimerNeverFires() async throws {
    let host = try DrivenHost()
    defer { host.stop() }
    async let running = host.run("waits for ever")
    await host.clock.waitForTimers(2)
    host.clock.advance(by: .seconds(1))
    #expect(host.clock.pendingTimers == 2)
    host.clock.advance(by: Limits.OperationLimits.standard.deadline)
    #expect(await running.error?.code == .timeout)
  }

  @Test func writeThatTheConnectorGaveUpCountsAsPerformed() async throws {
    let host = try DrivenHost(http: ScriptedDoor { _ in nil })
    defer { host.stop() }
    async let running = host.run("gives up its write")
    await host.clock.waitForTimers(2)
    host.clock.advance(by: .milliseconds(1))
    let report = await running
    #expect(report.error?.code == .upstream && report.performedWrite)
    #expect(host.http.cancelled.load(ordering: .relaxed) == 1)
  }

  @Test func stoppedHostFailsItsOperationsInsteadOfForgettingThem() async throws {
    var limits = Limits.OperationLimits.standard
    limits.deadline = .seconds(7_200)
    let host = try DrivenHost(limits: limits)
    async let waiting = host.run("waits")
    await host.clock.waitForTimers(2)
    host.stop()
    host.clock.advance(by: .seconds(3600))
    #expect(await waiting.error?.message.contains("the host is stopping") == true)
    #expect(await host.run("echo").error?.message.contains("the host is stopping") == true)
  }

  @Test func thousandsOfOperationsOverEightThreadsEndOnceEach() async throws {
    let host = try DrivenHost(threads: 8, realClock: SystemClock())
    defer { host.stop() }
    await withTaskGroup(of: OperationReport.self) { group in
      for _ in 0..<2_000 { group.addTask { await host.run("fetch") } }
      for await report in group { #expect(report.error == nil) }
    }
    #expect(await host.ends(atLeast: 2_000) == 2_000)
  }
}
