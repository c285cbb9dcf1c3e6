import ConnectorModel
import Jobs
import Manifest
import Ports
import Testing

/// Random lives of jobs, from the first attempt to the end.
@Suite struct JobMachinePropertyTests {
  @Test func everyLifeEndsAndBreaksNoPromise() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("JobMachinePropertyTests seed \(seed)")
    var random = SplitMix64(seed: seed)
    for _ in 0..<5_000 { try live(&random) }
  }

  private func live(_ random: inout SplitMix64) throws {
    let rule = RetryRule(
      retry: try #require(Manifest.ActionDeclaration.Retry.allCases.randomElement(using: &random)),
      isDestructive: Int.random(in: 0..<8, using: &random) == 0)
    let machine = JobMachine.sample
    var job = Job.sample()
    var now = start
    var mayHaveTakenEffect = false
    var isUndecided = false
    var failuresAfterWrite = 0
    for number in 1...100_000 {
      let code = try #require(OutcomeCode.allCases.randomElement(using: &random))
      let wrote = Bool.random(using: &random)
      let isCancelled = Int.random(in: 0..<50, using: &random) == 0
      let retry: OperationError.Retry =
        Bool.random(using: &random) ? .no : .after(.seconds(Int.random(in: 0..<200_000, using: &random)))
      let decision = try #require(
        machine.decide(
          Lease(job, number: number), .failed(code, retry: retry, wrote: wrote), rule: rule,
          isCancelled: isCancelled, now: now, using: &random))
      if code == .unknownOutcome { mayHaveTakenEffect = true }
      if wrote || code == .unknownOutcome { failuresAfterWrite += 1 }
      // Since then no attempt has come as far as to know.
      isUndecided =
        code == .unknownOutcome || isUndecided && !wrote && ![.invalid, .policy].contains(FailureClass(code))
      switch decision.settlement {
      case .retry(let time, _, let counts, let isTimeout, let mustReconcile):
        #expect(time > now || code != .rateLimited)
        #expect(time >= now && time <= start + 7 * day)
        #expect(mustReconcile || !job.mustReconcile)
        #expect(mustReconcile || rule.retry != .reconcile || !(wrote || mayHaveTakenEffect))
        #expect(failuresAfterWrite == 0 || rule.retry != .never && !rule.isDestructive)
        #expect(!isCancelled && code != .cancelled)
        job.attempts += counts ? 1 : 0
        job.timeouts += isTimeout ? 1 : 0
        job.mustReconcile = mustReconcile
        #expect(job.attempts < 4 && job.timeouts < 3)
        now = time
      case .hold(_, let mustReconcile, _):
        #expect(decision.consequences.count == 1)
        #expect(mustReconcile || !job.mustReconcile)
        job.mustReconcile = mustReconcile
        // Somebody mends the account.
        now += 3600 * second
      case .dead, .cancelled:
        #expect(!isUndecided || rule.retry != .reconcile)
        return
      case .unknown:
        #expect(code == .unknownOutcome || wrote || job.mustReconcile)
        return
      case .published, .park:
        Issue.record("a failure became \(decision.settlement)")
        return
      }
    }
    Issue.record("a job lived for ever")
  }
}
