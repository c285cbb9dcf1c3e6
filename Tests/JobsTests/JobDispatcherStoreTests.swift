import ConnectorModel
import Jobs
import Ports
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct JobDispatcherStoreTests {
  @Test func outageInTheMiddleLosesNothingAndRepeatsNothing() async {
    let stage = DispatchStage(
      ScriptedRunner { _, _ in
        await Task.yield()
        return .done
      })
    for number in 0..<2_000 { stage.queue.add(.sample("job_\(number)", connection: "con_\(number % 300)")) }
    stage.work()
    await stage.live(lasting: 300) { stage.events.count(\.isSettled) > 500 }
    stage.queue.fail(StoreError(.unavailable, "the disk is away"))
    let down = stage.clock.unixNanoseconds
    await stage.live(lasting: 300) { stage.clock.unixNanoseconds > down + 20 * second }
    stage.queue.fail(nil)
    await stage.live(lasting: 300) { stage.events.count(\.isSettled) == 2_000 }
    #expect(stage.queue.states() == [.published: 2_000])
    let notes = stage.runner.notes.withLock { $0 }
    #expect(notes.runs.count == 2_000)
    #expect(notes.collisions.isEmpty)
    await stage.end()
  }

  @Test func resultThatOutlastsItsLeaseIsStillStoredWhenNobodyTookTheJob() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    stage.queue.fail(StoreError(.full, "no space"))
    gate.open()
    await stage.live(lasting: 1) { stage.clock.unixNanoseconds > start + 120 * second }
    stage.queue.fail(nil)
    await stage.live(lasting: 1) { stage.queue["job_1"]?.state == .published }
    #expect(stage.runner.notes.withLock { $0.runs.count } == 1)
    await stage.end()
  }

  @Test func leaseThatRanOutDuringAnOutageIsGivenUpAndItsJobRunsAgainAfterwards() async {
    let stage = DispatchStage(
      ScriptedRunner { lease, control in
        if lease.token.fence > 1 { return .done }
        await control.wait(for: .stopStoring)
        return AttemptOutcome(.fenced)
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    stage.queue.fail(StoreError(.unavailable, "down"))
    await stage.live(lasting: 1) { stage.events.count(\.isLeaseLost) == 1 }
    #expect(stage.clock.unixNanoseconds >= start + 30 * second)
    stage.queue.fail(nil)
    await stage.live { stage.queue["job_1"]?.state == .published }
    let notes = stage.runner.notes.withLock { $0 }
    #expect(notes.runs.count == 2)
    #expect(notes.collisions.isEmpty)
    await stage.end()
  }

  @Test func storeThatIsDownIsAskedLessAndLess() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    stage.queue.fail(StoreError(.corrupt, "damaged"))
    stage.work()
    await stage.live { stage.clock.unixNanoseconds > start + 600 * second }
    let asked = stage.queue.calls("release")
    #expect((60...140).contains(asked))
    stage.dispatcher.wake()
    await stage.end()
  }

  @Test func attemptStillRunningAfterItsLeaseWasLostDelaysTheNextOfItsConnection() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { lease, _ in
        // Deaf to orders.
        if lease.job.id == "job_1", lease.token.fence == 1 { await gate.pass() }
        return .done
      })
    stage.queue.add(.sample("job_1"))
    stage.queue.add(.sample("job_2"))
    stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    stage.queue.steal("job_1")
    await stage.live(lasting: 1) { stage.clock.unixNanoseconds > start + 120 * second }
    // The lease of the next is held meanwhile, and renewed.
    #expect(stage.queue["job_2"]?.state == .processing)
    #expect(stage.runner.notes.withLock { $0.runs } == ["job_1"])
    gate.open()
    await stage.live { stage.queue.states() == [.published: 2] }
    #expect(stage.runner.notes.withLock { $0.collisions }.isEmpty)
    await stage.end()
  }

  @Test func leaseBehindIsGivenBackWhenTheHostStops() async {
    let stage = DispatchStage(
      ScriptedRunner { lease, control in
        await control.wait(for: .suspend)
        return AttemptOutcome(.suspended)
      })
    stage.queue.add(.sample("job_1"))
    stage.queue.add(.sample("job_2"))
    let life = stage.work()
    await stage.live(lasting: 1) { stage.runner.notes.withLock { $0.runningNow } == 1 }
    stage.queue.steal("job_1")
    await stage.live(lasting: 1) { stage.queue["job_2"]?.state == .processing }
    life.cancel()
    await life.value
    #expect(stage.queue["job_2"]?.state == .retrying)
    #expect(stage.queue.attempts("job_2").map(\.result) == [.parked])
    #expect(stage.runner.notes.withLock { $0.runs } == ["job_1"])
  }
}
