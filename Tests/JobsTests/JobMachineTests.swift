import ConnectorModel
import Jobs
import Manifest
import Ports
import Testing

/// One test for each arrow of docs/states.md, "One job".
@Suite struct JobMachineTests {
  private let machine = JobMachine.sample

  @Test func succeededAttemptPublishes() {
    let post = Post(
      id: "pst_1", tenant: "t", job: "job_1", connection: "con_1", externalID: "9", createdAt: start)
    let decision = machine.decision(.succeeded(result: [1], post: post))
    #expect(decision?.settlement == .published(result: [1], post: post))
    #expect(decision?.result == .published)
    #expect(decision?.error == nil)
  }

  @Test func successStandsAlthoughSomebodyCancelled() {
    #expect(machine.decision(.succeeded(result: [], post: nil), isCancelled: true)?.target == "published")
  }

  @Test(arguments: [OutcomeCode.upstream, .network, .timeout])
  func serverErrorOrTimeoutRetries(code: OutcomeCode) throws {
    let decision = try #require(machine.decision(.failed(code)))
    #expect(decision.target == (code == .upstream ? "again" : "again timeout"))
    #expect(decision.result == .failed)
    #expect(decision.jobError?.code == code.name)
    #expect(decision.jobError?.action == "advice for \(code.name)")
  }

  @Test func delayDoublesWithEachCountedAttempt() throws {
    for (attempts, base) in [(0, UInt64(1)), (1, 2), (2, 4)] {
      let time = try #require(machine.decision(of: .sample(attempts: attempts), .failed(.upstream))?.retryAt)
      #expect((start + base * second...start + (base + 1) * second).contains(time))
    }
  }

  @Test func retryAfterWins() {
    let told = machine.decision(of: .sample(attempts: 2), .failed(.upstream, retry: .after(.seconds(77))))
    #expect(told?.retryAt == start + 77 * second)
  }

  @Test func limitedAttemptWaitsAsToldAndDoesNotCount() {
    for code in [OutcomeCode.rateLimited, .quota] {
      let decision = machine.decision(of: .sample(attempts: 3), .failed(code, retry: .after(.seconds(3600))))
      #expect(decision?.target == "waits")
      #expect(decision?.retryAt == start + 3600 * second)
      #expect(decision?.result == .parked)
    }
  }

  @Test func limitedAttemptIsNotRepeatedWithoutAPause() {
    #expect(machine.decision(.failed(.rateLimited, retry: .after(.zero)))?.retryAt == start + second)
  }

  @Test func limitWithoutATimeBacksOffWithEveryAttempt() throws {
    let tenth = machine.decision(of: .sample(), number: 10, .failed(.rateLimited))
    #expect(try #require(tenth?.retryAt) == start + 60 * second)
  }

  @Test func unknownOutcomeOfAReconcilingActionLooksFirst() throws {
    let decision = try #require(machine.decision(.failed(.unknownOutcome, wrote: true)))
    #expect(decision.target == "again looks")
    #expect(decision.result == .unknown)
  }

  @Test func onceAJobLooksFirstItAlwaysDoes() {
    let job = Job.sample(attempts: 1, mustReconcile: true)
    for code in [OutcomeCode.upstream, .rateLimited, .unauthenticated] {
      #expect(machine.decision(of: job, .failed(code))?.target.hasSuffix(" looks") == true)
    }
  }

  @Test(arguments: [Manifest.ActionDeclaration.Retry.safe, .idempotent])
  func unknownOutcomeOfARepeatableActionRetries(retry: Manifest.ActionDeclaration.Retry) {
    #expect(
      machine.decision(.failed(.unknownOutcome, wrote: true), RetryRule(retry: retry))?.target == "again")
  }

  @Test func unknownOutcomeOfANeverRepeatedActionIsUnknown() {
    let never = machine.decision(.failed(.unknownOutcome, wrote: true), RetryRule(retry: .never))
    #expect(never?.target == "unknown")
    #expect(never?.jobError?.message == "m")
    let destructive = RetryRule(retry: .reconcile, isDestructive: true)
    #expect(machine.decision(.failed(.unknownOutcome, wrote: true), destructive)?.target == "unknown")
  }

  @Test func unknownOutcomeOfTheLastAttemptIsUnknown() {
    let job = Job.sample(attempts: 3, mustReconcile: true)
    #expect(machine.decision(of: job, .failed(.unknownOutcome, wrote: true))?.target == "unknown")
  }

  @Test func anErrorThatMayHaveTakenEffectIsUnknownWhateverItsCode() {
    let decision = machine.decision(.failed(.upstream, retry: .unknownOutcome), RetryRule(retry: .never))
    #expect(decision?.target == "unknown")
  }

  @Test func failureAfterAWriteOfANeverRepeatedActionIsUnknown() throws {
    for code in [OutcomeCode.upstream, .timeout, .rateLimited, .unauthenticated, .permission] {
      let decision = try #require(machine.decision(.failed(code, wrote: true), RetryRule(retry: .never)))
      #expect(decision.target == "unknown")
      #expect(decision.jobError?.code == "unknown_outcome")
      #expect(decision.jobError?.action == "advice for unknown_outcome")
      #expect(decision.error?.code == code.name)
    }
  }

  @Test func destructiveActionIsNotRepeatedByItself() {
    let rule = RetryRule(retry: .safe, isDestructive: true)
    #expect(machine.decision(.failed(.upstream), rule)?.target == "dead unretryable_error")
    #expect(machine.decision(.failed(.upstream, wrote: true), rule)?.target == "unknown")
    #expect(machine.decision(.failed(.rateLimited), rule)?.target == "waits")
  }

  @Test func unauthenticatedAttemptHoldsTheJobAndItsConnection() {
    let decision = machine.decision(.failed(.unauthenticated))
    #expect(decision?.target == "held")
    #expect(decision?.result == .failed)
    #expect(decision?.consequences == [.connectionNeedsAttention(reason: "advice for unauthenticated")])
  }

  @Test func missingPermissionHoldsTheJobAndNamesTheScopes() {
    let rule = RetryRule(retry: .never, scopes: ["pages_manage_posts", "pages_show_list"])
    let decision = machine.decision(.failed(.permission), rule)
    #expect(decision?.target == "held")
    #expect(
      decision?.consequences == [
        .connectionNeedsAttention(
          reason: "The platform does not permit campaign.publish to this account."
            + " It needs: pages_manage_posts, pages_show_list.")
      ])
  }

  @Test(arguments: [OutcomeCode.invalidInput, .notFound, .conflict, .invalidState, .unsupported])
  func invalidAttemptIsDead(code: OutcomeCode) {
    #expect(machine.decision(.failed(code))?.target == "dead unretryable_error")
  }

  @Test func attemptRefusedByPolicyIsDeadInThePlatformsWords() {
    let decision = machine.decision(.failed(.policy, "This post contains a forbidden word"))
    #expect(decision?.target == "dead unretryable_error")
    #expect(decision?.jobError?.message == "This post contains a forbidden word")
  }

  @Test(arguments: [OutcomeCode.unknown, .protocol, .internal, .ok])
  func unclassifiedAttemptIsDeadAndAlerts(code: OutcomeCode) {
    let decision = machine.decision(.failed(code))
    #expect(decision?.target == "dead unretryable_error")
    #expect(
      decision?.consequences == [.alert("campaign.publish failed in an unforeseen way: m")])
  }

  @Test func fourthServerErrorIsDead() {
    #expect(machine.decision(of: .sample(attempts: 2), .failed(.upstream))?.target == "again")
    #expect(
      machine.decision(of: .sample(attempts: 3), .failed(.upstream))?.target == "dead max_retries_exhausted")
  }

  @Test func thirdTimeoutIsDead() {
    #expect(
      machine.decision(of: .sample(attempts: 1, timeouts: 1), .failed(.timeout))?.target == "again timeout")
    #expect(
      machine.decision(of: .sample(attempts: 2, timeouts: 2), .failed(.timeout))?.target
        == "dead max_retries_exhausted")
    #expect(machine.decision(of: .sample(attempts: 2, timeouts: 2), .failed(.upstream))?.target == "again")
  }

  @Test func attemptThatWouldComeAfterSevenDaysIsExpired() {
    let late = start + 7 * day - second / 2
    #expect(machine.decision(.failed(.upstream), now: late)?.target == "dead expired")
    let wait = AttemptOutcome.Ending.failed(.rateLimited, retry: .after(.seconds(7 * 24 * 3600 + 1)))
    #expect(machine.decision(wait)?.target == "dead expired")
    #expect(machine.decision(.parked(until: start + 7 * day + 1, note: ""))?.target == "dead expired")
  }

  @Test func ageCountsFromTheScheduledTime() {
    let job = Job.sample(scheduledFor: start + 10 * day)
    #expect(machine.decision(of: job, .failed(.upstream), now: start + 16 * day)?.target == "again")
    #expect(machine.decision(of: job, .failed(.upstream), now: start + 17 * day)?.target == "dead expired")
  }

  @Test func jobThatNobodyCouldLookForEndsUnknown() {
    let last = Job.sample(attempts: 3, mustReconcile: true)
    #expect(machine.decision(of: last, .failed(.upstream))?.target == "unknown")
    #expect(machine.decision(of: last, .failed(.upstream), now: start + 8 * day)?.target == "unknown")
    let crash = machine.decision(of: last, .failed(.protocol))
    #expect(crash?.target == "unknown")
    #expect(crash?.consequences.isEmpty == false)
    // It looked: it got as far as writing, or the platform said no.
    #expect(
      machine.decision(of: last, .failed(.upstream, wrote: true))?.target == "dead max_retries_exhausted")
    #expect(machine.decision(of: last, .failed(.invalidInput))?.target == "dead unretryable_error")
  }

  @Test func cancelledAttemptIsCancelledWhateverItFailedWith() {
    #expect(machine.decision(.failed(.cancelled))?.target == "cancelled")
    for code in OutcomeCode.allCases where code != .unknownOutcome {
      let decision = machine.decision(.failed(code), isCancelled: true)
      #expect(decision?.target == "cancelled")
      #expect(decision?.result == .cancelled)
    }
  }

  @Test func cancelledAttemptThatMayHaveTakenEffectIsUnknown() {
    #expect(machine.decision(.failed(.unknownOutcome, wrote: true), isCancelled: true)?.target == "unknown")
    #expect(machine.decision(.failed(.upstream, wrote: true), isCancelled: true)?.target == "unknown")
    // It was stopped after a write, and its connector did not answer.
    let unanswered = AttemptOutcome.Ending.failed(.cancelled, retry: .unknownOutcome, wrote: true)
    #expect(machine.decision(unanswered, isCancelled: true)?.target == "unknown")
    let earlier = Job.sample(attempts: 1, mustReconcile: true)
    #expect(machine.decision(of: earlier, .failed(.cancelled))?.target == "unknown")
  }

  @Test func parkedOperationGoesOnFromItsJournal() {
    let decision = machine.decision(.parked(until: start + 90 * second, note: "the platform's limit"))
    #expect(decision?.settlement == .park(until: start + 90 * second, note: "the platform's limit"))
    #expect(decision?.result == .parked)
  }

  @Test func attemptThatCouldNotSendAnythingWaitsAndBurnsNothing() throws {
    let job = Job.sample(attempts: 3, timeouts: 2)
    for (number, base) in [(1, UInt64(1)), (2, 2), (3, 4), (6, 32)] {
      let decision = machine.decision(of: job, number: number, .offline(notBefore: start, note: "network"))
      guard case .park(let until, "network") = decision?.settlement else {
        Issue.record("\(String(describing: decision))")
        continue
      }
      #expect((start + base * second...start + (base + 1) * second).contains(until), "\(number)")
      #expect(decision?.result == .parked && decision?.error == nil && decision?.consequences == [])
    }
    let long = machine.decision(number: 500, .offline(notBefore: start, note: "network"))
    #expect(long?.settlement == .park(until: start + 60 * second, note: "network"))
    let circuit = machine.decision(.offline(notBefore: start + 45 * second, note: "network"))
    #expect(circuit?.settlement == .park(until: start + 45 * second, note: "network"))
  }

  @Test func sevenDaysWithoutANetworkEndTheJob() {
    let late = start + 7 * day - second / 2
    let offline = AttemptOutcome.Ending.offline(notBefore: late, note: "network")
    let decision = machine.decision(offline, now: late)
    #expect(decision?.target == "dead expired")
    #expect(decision?.jobError?.code == "network")
    #expect(machine.decision(of: .sample(mustReconcile: true), offline, now: late)?.target == "unknown")
  }

  @Test func quotaOfWhichNobodySaysWhenItEndsCounts() {
    #expect(machine.decision(.failed(.quota))?.target == "again")
    #expect(
      machine.decision(of: .sample(attempts: 3), .failed(.quota))?.target == "dead max_retries_exhausted")
  }

  @Test func faultThatIsNotTheJobsIsRetriedAndCounts() {
    for code in [OutcomeCode.internal, .protocol] {
      let decision = machine.decision(.failed(code, retry: .safe))
      #expect(decision?.target == "again" && decision?.consequences == [])
      let last = machine.decision(of: .sample(attempts: 3), .failed(code, retry: .safe))
      #expect(last?.target == "dead max_retries_exhausted")
      // Safe or not: it wrote.
      #expect(
        machine.decision(.failed(code, retry: .safe, wrote: true), RetryRule(retry: .never))?.target
          == "unknown")
    }
  }

  @Test func unforeseenEndAfterAWriteLooksFirstAndAlerts() {
    for code in [OutcomeCode.protocol, .internal] {
      let decision = machine.decision(.failed(code, wrote: true))
      #expect(decision?.target == "again looks")
      #expect(decision?.consequences == [.alert("campaign.publish failed in an unforeseen way: m")])
      let last = machine.decision(of: .sample(attempts: 3), .failed(code, wrote: true))
      #expect(last?.target == "unknown" && last?.jobError?.code == "unknown_outcome")
    }
  }

  @Test func lastAttemptThatTheDeadlineCutAfterAWriteIsUnknown() {
    let last = Job.sample(attempts: 2, timeouts: 2)
    #expect(machine.decision(of: last, .failed(.timeout, wrote: true))?.target == "unknown")
    #expect(
      machine.decision(of: last, .failed(.timeout, retry: .unknownOutcome, wrote: true))?.target == "unknown")
    // The connector's own answer.
    #expect(
      machine.decision(of: last, .failed(.network, wrote: true))?.target == "dead max_retries_exhausted")
  }

  @Test func deadJobThatWroteIsLookedForByItsRepeat() {
    for wrote in [false, true] {
      guard
        case .dead(_, _, _, wrote) = machine.decision(.failed(.invalidInput, wrote: wrote))?.settlement
      else {
        Issue.record("\(wrote)")
        continue
      }
    }
  }

  @Test func waitThatWouldEndTooLateKeepsTheDoubt() {
    let late = AttemptOutcome.Ending.parked(until: start + 7 * day + 1, note: "")
    #expect(machine.decision(of: .sample(mustReconcile: true), late)?.target == "unknown")
    let limited = AttemptOutcome.Ending.failed(
      .rateLimited, retry: .after(.seconds(8 * 24 * 3600)), wrote: true)
    #expect(machine.decision(limited)?.target == "unknown")
  }

  @Test func stoppingHostParksTheOperationDueAtOnce() {
    for isCancelled in [false, true] {
      let decision = machine.decision(.suspended, isCancelled: isCancelled)
      #expect(decision?.target == "parked")
      guard case .park(start, _) = decision?.settlement else {
        Issue.record("\(String(describing: decision))")
        continue
      }
    }
  }

  @Test func journalThatDoesNotFitIsUnknownAtOnce() {
    let ending = AttemptOutcome.Ending.indeterminate(OperationError(.unknownOutcome, "turn 3, effect 5"))
    #expect(machine.decision(ending, RetryRule(retry: .safe))?.target == "unknown")
  }

  @Test func lostLeaseStoresNothing() {
    #expect(machine.decision(.fenced) == nil)
  }
}
