import ConnectorModel
import Jobs
import Manifest
import Ports
import Synchronization
import Testing

/// Jobs during an outage of the network, on a virtual clock.
@Suite struct JobOutageTests {
  /// Fails every attempt before `end` as one that could not send anything.
  private func stage(until end: UInt64, _ clock: @escaping @Sendable () -> UInt64) -> ScriptedRunner {
    ScriptedRunner { _, _ in
      let now = clock()
      return now < end ? AttemptOutcome(.offline(notBefore: now, note: "network: nothing sent")) : .done
    }
  }

  @Test(arguments: [UInt64(1), 60, 600])
  func anOutageOfTheNetworkKillsNoJobAndBurnsNoAttempt(_ seconds: UInt64) async {
    let end = start + seconds * second
    let clock = Mutex<VirtualClock?>(nil)
    let runner = stage(until: end) { clock.withLock { $0?.unixNanoseconds ?? start } }
    let stage = DispatchStage(runner)
    clock.withLock { $0 = stage.clock }
    stage.queue.add(.sample())
    stage.work()
    await stage.live { stage.queue["job_1"]?.state == .published }
    let attempts = stage.queue.attempts("job_1")
    #expect(attempts.last?.result == .published)
    #expect(attempts.dropLast().allSatisfy { $0.result == .parked })
    #expect(attempts.count >= 2)
    // Doubling to a minute: it does not hammer, and it goes on within a minute of the network's return.
    #expect(UInt64(attempts.count) <= 8 + seconds / 60 + 1)
    #expect(attempts.last.map { $0.startedAt < end + 62 * second } == true)
    await stage.end()
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func sevenDaysWithoutNetworkEndAJobAndNotSooner(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let job = Job.sample()
    var now = start
    var attempts = 0
    var longest: UInt64 = 0
    while attempts < 20_000 {
      attempts += 1
      let decision = JobMachine.sample.decide(
        Lease(job, number: attempts), .offline(notBefore: now, note: "network"),
        rule: RetryRule(retry: .never), isCancelled: false, now: now, using: &random)
      guard case .park(let until, _) = decision?.settlement else {
        #expect(decision?.target == "dead expired", "seed \(seed)")
        break
      }
      #expect(until > now, "seed \(seed): it would spin")
      longest = max(longest, until - now)
      now = until
    }
    #expect(longest <= 60 * second, "seed \(seed)")
    #expect(now <= start + 7 * day && now > start + 7 * day - 61 * second, "seed \(seed)")
    #expect((10_000...10_200).contains(attempts), "seed \(seed): \(attempts)")
  }
}
