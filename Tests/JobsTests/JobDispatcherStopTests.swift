import ConnectorModel
import Jobs
import Ports
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct JobDispatcherStopTests {
  @Test func stopLetsRunningAttemptsEndAndClaimsNothingMore() async {
    let gate = Gate()
    let stage = DispatchStage(
      concurrency: 2,
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    for number in 0..<4 { stage.queue.add(.sample("job_\(number)", connection: "con_\(number)")) }
    let life = stage.work()
    await stage.live(lasting: 2) { stage.runner.notes.withLock { $0.runningNow } == 2 }
    async let stopped: Void = stage.dispatcher.stop(within: .seconds(10))
    await stage.clock.waitForTimers(3)
    gate.open()
    await stopped
    await life.value
    #expect(stage.queue.states() == [.published: 2, .pending: 2])
    #expect(stage.events.count(\.isLeftBehind) == 0)
  }

  @Test func attemptThatOutlastsTheDrainIsSuspendedAndDueAtOnce() async {
    let stage = DispatchStage(
      ScriptedRunner { _, control in
        await control.wait(for: .suspend)
        return AttemptOutcome(.suspended)
      })
    stage.queue.add(.sample())
    let life = stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    async let stopped: Void = stage.dispatcher.stop(within: .seconds(10))
    await stage.clock.waitForTimers(3)
    stage.clock.advance(by: .seconds(10))
    await stopped
    await life.value
    let job = stage.queue["job_1"]
    #expect(job?.state == .retrying)
    #expect(job?.availableAt == stage.clock.unixNanoseconds)
    #expect(job?.attempts == 0)
    #expect(stage.queue.attempts("job_1").map(\.result) == [.parked])
  }

  @Test func runnerThatNeverReturnsDoesNotHoldTheStopUp() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    stage.queue.add(.sample())
    let life = stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    async let stopped: Void = stage.dispatcher.stop(within: .seconds(10))
    await stage.clock.waitForTimers(3)
    stage.clock.advance(by: .seconds(10))
    await stage.clock.waitForTimers(3)
    stage.clock.advance(by: .seconds(2))
    await stopped
    await life.value
    #expect(stage.events.count(\.isLeftBehind) == 1)
    // It comes back when everything is over, and stores nothing.
    gate.open()
    await stage.rush { stage.dispatcher.attemptsUnderWay == 0 }
    #expect(stage.queue["job_1"]?.state == .processing)
    #expect(stage.queue.calls("settle") == 0)
  }

  @Test func cancelledTaskStopsTheDispatcher() async {
    let stage = DispatchStage(
      ScriptedRunner { _, control in
        await control.wait(for: .suspend)
        return AttemptOutcome(.suspended)
      })
    stage.queue.add(.sample())
    let life = stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    life.cancel()
    await life.value
    #expect(stage.queue["job_1"]?.state == .retrying)
    #expect(stage.clock.pendingTimers == 0)
  }

  @Test func stopBeforeTheStartLeavesNothingToRun() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    await stage.dispatcher.stop(within: .seconds(10))
    stage.queue.add(.sample())
    await stage.dispatcher.run()
    #expect(stage.queue["job_1"]?.state == .pending)
  }

  @Test func twoStopsBothReturn() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    let life = stage.work()
    await stage.clock.waitForTimers(2)
    async let first: Void = stage.dispatcher.stop(within: .seconds(10))
    async let second: Void = stage.dispatcher.stop(within: .seconds(1))
    await first
    await second
    await life.value
  }

  @Test func storeThatIsDownDoesNotHoldTheStopUp() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    stage.queue.add(.sample())
    let life = stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    stage.queue.fail(StoreError(.full, "no space"))
    gate.open()
    await stage.live(lasting: 1) { stage.queue.calls("settle") > 2 }
    async let stopped: Void = stage.dispatcher.stop(within: .seconds(1))
    await stage.rush { stage.events.count(\.isLeftBehind) == 1 }
    await stopped
    await life.value
  }
}
