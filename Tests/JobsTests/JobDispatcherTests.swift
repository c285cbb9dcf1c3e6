import ConnectorModel
import Jobs
import Ports
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct JobDispatcherTests {
  @Test func tenThousandJobsDrainWithinTheBoundAndOneAtATimePerConnection() async {
    let stage = DispatchStage(
      concurrency: 64,
      ScriptedRunner { _, _ in
        await Task.yield()
        return .done
      })
    for number in 0..<10_000 { stage.queue.add(.sample("job_\(number)", connection: "con_\(number % 100)")) }
    stage.work()
    await stage.live { stage.events.count(\.isSettled) == 10_000 }
    #expect(stage.queue.states() == [.published: 10_000])
    let notes = stage.runner.notes.withLock { $0 }
    #expect(notes.collisions.isEmpty)
    #expect(notes.runs.count == 10_000)
    #expect(notes.mostAtOnce <= 64)
    #expect(stage.queue.state.withLock { $0.largestClaim } > 1)
    await stage.end()
  }

  @Test func concurrencyBoundHoldsWhenAttemptsLast() async {
    let gate = Gate()
    let stage = DispatchStage(
      concurrency: 3,
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    for number in 0..<5 { stage.queue.add(.sample("job_\(number)", connection: "con_\(number)")) }
    stage.work()
    await stage.live(lasting: 3) { stage.clock.unixNanoseconds > start + 25 * second }
    #expect(stage.queue.states() == [.processing: 3, .pending: 2])
    gate.open()
    await stage.live { stage.events.count(\.isSettled) == 5 }
    #expect(stage.runner.notes.withLock { $0.mostAtOnce } == 3)
    await stage.end()
  }

  @Test func failedAttemptIsRepeatedAtItsTime() async {
    let stage = DispatchStage(
      ScriptedRunner { lease, _ in
        lease.number < 4 ? AttemptOutcome(.failed(.upstream), requests: 2) : .done
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.live { stage.queue["job_1"]?.state == .published }
    let attempts = stage.queue.attempts("job_1")
    #expect(attempts.map(\.result) == [.failed, .failed, .failed, .published])
    #expect(attempts.map(\.number) == [1, 2, 3, 4])
    #expect(attempts.map(\.requests) == [2, 2, 2, 0])
    for (earlier, later) in zip(attempts, attempts.dropFirst()) {
      let base = UInt64(1) << UInt64(earlier.number - 1)
      let pause = later.startedAt - earlier.endedAt
      #expect((base * second...(base + 1) * second).contains(pause))
      // It starts when it may, not at the next look.
      #expect(later.times.queue == 0)
    }
    await stage.end()
  }

  @Test func scheduledJobStartsAtItsTimeAlthoughItWasEnqueuedAsleep() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    stage.work()
    await stage.clock.waitForTimers(2)
    stage.queue.add(.sample(scheduledFor: start + 90 * second + 7))
    stage.dispatcher.wake()
    await stage.live { stage.queue["job_1"]?.state == .published }
    #expect(stage.queue.attempts("job_1").first?.startedAt == start + 90 * second + 7)
    await stage.end()
  }

  @Test func wakeStartsAJobWithoutAnyTimePassing() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    stage.work()
    await stage.clock.waitForTimers(2)
    stage.queue.add(.sample())
    stage.dispatcher.wake()
    await stage.events.first(\.isSettled)
    #expect(stage.clock.unixNanoseconds == start)
    await stage.end()
  }

  @Test func idleDispatcherLooksOncePerPoll() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in .done })
    stage.work()
    await stage.live { stage.clock.unixNanoseconds >= start + 60 * second }
    #expect((50...70).contains(stage.queue.calls("claim")))
    #expect((50...70).contains(stage.queue.calls("nextDue")))
    #expect(stage.queue.calls("renew") == 0)
    await stage.end()
  }

  @Test func leasesAreRenewedWhileAnAttemptLasts() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { _, _ in
        await gate.pass()
        return .done
      })
    stage.queue.add(.sample())
    stage.queue.add(.sample("job_2", connection: "con_2"))
    stage.work()
    await stage.live(lasting: 2) { stage.clock.unixNanoseconds > start + 300 * second }
    #expect((28...31).contains(stage.queue.calls("renew")))
    gate.open()
    await stage.live { stage.events.count(\.isSettled) == 2 }
    #expect(stage.events.count(\.isLeaseLost) == 0)
    #expect(stage.queue.attempts("job_1").count == 1)
    await stage.end()
  }

  @Test func lostLeaseStopsItsAttemptAndSettlesNothing() async {
    let stage = DispatchStage(
      ScriptedRunner { lease, control in
        if lease.number == 1, lease.token.fence == 1 {
          await control.wait(for: .stopStoring)
          // A careless runner that says it succeeded.
          return AttemptOutcome(.succeeded(result: Array("1".utf8), post: nil))
        }
        return AttemptOutcome(.succeeded(result: Array("2".utf8), post: nil))
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.events.first(\.isClaimed)
    stage.queue.steal("job_1")
    await stage.live(lasting: 1) { stage.queue["job_1"]?.state == .published }
    #expect(stage.queue["job_1"]?.result == Array("2".utf8))
    #expect(stage.queue.attempts("job_1").count == 1)
    #expect(stage.events.count(\.isLeaseLost) == 1)
    #expect(stage.runner.notes.withLock { $0.collisions }.isEmpty)
    await stage.end()
  }

  @Test func leaseThatWasLostUnnoticedCannotBeSettled() async {
    let gate = Gate()
    let stage = DispatchStage(
      ScriptedRunner { lease, _ in
        if lease.token.fence == 1 { await gate.pass() }
        return .done
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.events.first(\.isClaimed)
    stage.queue.steal("job_1")
    gate.open()
    await stage.live { stage.queue["job_1"]?.state == .published }
    #expect(stage.events.count(\.isLeaseLost) == 1)
    #expect(stage.queue.attempts("job_1").count == 1)
    await stage.end()
  }

  @Test func cancelledJobIsToldAtOnceInProcess() async {
    let stage = DispatchStage(
      ScriptedRunner { _, control in
        await control.wait(for: .cancel)
        return AttemptOutcome(.failed(.cancelled))
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.events.first(\.isClaimed)
    stage.dispatcher.cancel(job: "job_1")
    await stage.events.first(\.isSettled)
    #expect(stage.queue["job_1"]?.state == .cancelled)
    #expect(stage.clock.unixNanoseconds == start)
    await stage.end()
  }

  @Test func cancellationThatAnotherProcessNotedArrivesWithTheRenewal() async throws {
    let stage = DispatchStage(
      ScriptedRunner { _, control in
        await control.wait(for: .cancel)
        return AttemptOutcome(.failed(.upstream))
      })
    stage.queue.add(.sample())
    stage.work()
    await stage.events.first(\.isClaimed)
    _ = try await stage.queue.cancel("job_1", tenant: "t", now: start)
    await stage.live(lasting: 1) { stage.queue["job_1"]?.state == .cancelled }
    #expect(stage.clock.unixNanoseconds < start + 20 * second)
    await stage.end()
  }

  @Test func jobCancelledUnderAnEarlierHostIsToldBeforeItRunsAgain() async throws {
    let stage = DispatchStage(
      ScriptedRunner { _, control in
        AttemptOutcome(control.has(.cancel) ? .failed(.cancelled) : .failed(.internal))
      })
    stage.queue.add(.sample())
    // That host was killed in its first run, so this is attempt 1 again.
    _ = try await stage.queue.cancel("job_1", tenant: "t", now: start)
    stage.work()
    await stage.live { stage.queue["job_1"]?.state.hasEnded == true }
    #expect(stage.queue["job_1"]?.state == .cancelled)
    await stage.end()
  }

  @Test func unauthenticatedJobIsHeldOnlyOnceItsConnectionIsToldOf() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in AttemptOutcome(.failed(.unauthenticated)) })
    stage.runner.notes.withLock { $0.attentionOutage = StoreError(.unavailable, "down") }
    stage.queue.add(.sample())
    stage.work()
    await stage.live(lasting: 1) { stage.events.count(\.isStoreFailed) > 3 }
    #expect(stage.queue["job_1"]?.state == .processing)
    stage.runner.notes.withLock { $0.attentionOutage = nil }
    await stage.live(lasting: 1) { stage.queue["job_1"]?.state == .held }
    #expect(stage.runner.notes.withLock { $0.attention } == ["con_1: advice for unauthenticated"])
    await stage.end()
  }

  @Test func unclassifiedFailureAlerts() async {
    let stage = DispatchStage(ScriptedRunner { _, _ in AttemptOutcome(.failed(.protocol)) })
    stage.queue.add(.sample())
    stage.work()
    await stage.events.first { if case .alert(let job, _) = $0 { job.id == "job_1" } else { false } }
    await stage.live { stage.queue["job_1"]?.state == .dead }
    await stage.end()
  }
}
