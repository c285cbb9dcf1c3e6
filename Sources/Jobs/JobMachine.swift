package import ConnectorModel
package import Ports

/// Decides what becomes of a job after an attempt.
///
/// A value without I/O: time and chance come in as arguments. docs/states.md draws the arrows.
package struct JobMachine: Sendable {
  package let policy: RetryPolicy
  /// What a person should do about an error, in one sentence.
  private let advice: @Sendable (OperationError) -> String

  package init(
    policy: RetryPolicy = RetryPolicy(), advice: @escaping @Sendable (OperationError) -> String
  ) {
    self.policy = policy
    self.advice = advice
  }

  /// - Parameter isCancelled: somebody wanted the job to end while the attempt ran.
  /// - Returns: nil when nothing may be stored, because the lease is lost.
  package func decide(
    _ lease: Lease, _ ending: AttemptOutcome.Ending, rule: RetryRule, isCancelled: Bool, now: UInt64,
    using random: inout some RandomNumberGenerator
  ) -> JobDecision? {
    switch ending {
    case .fenced: return nil
    case .succeeded(let result, let post):
      return JobDecision(.published(result: result, post: post), .published)
    // A cancellation that came too late for this attempt meets the next one.
    case .suspended:
      return JobDecision(.park(until: now, note: "goes on when the host starts again"), .parked)
    case .parked(let until, let note):
      return park(lease, until: until, note: note, code: .rateLimited, rule, now, &random)
    case .offline(let notBefore, let note):
      let delay = policy.delay(afterFailures: lease.number - 1, using: &random)
      let until = max(notBefore, delay.after(now))
      return park(lease, until: until, note: note, code: .network, rule, now, &random)
    case .indeterminate(let error):
      let error = describe(error)
      return JobDecision(.unknown(error: error, deadLetter: deadLetter(now, &random)), .unknown, error: error)
    case .failed(let error, let performedWrite):
      let failure = Failure(
        error, performedWrite: performedWrite, lease: lease, rule: rule, letter: deadLetter(now, &random))
      return decide(failure, isCancelled: isCancelled, now: now, using: &random)
    }
  }

  private func park(
    _ lease: Lease, until: UInt64, note: String, code: OutcomeCode, _ rule: RetryRule, _ now: UInt64,
    _ random: inout some RandomNumberGenerator
  ) -> JobDecision {
    guard until > policy.expiry(of: lease.job) else {
      return JobDecision(.park(until: until, note: note), .parked)
    }
    let why = OperationError(code, "the wait would end after the job's last day")
    let failure = Failure(
      why, performedWrite: false, lease: lease, rule: rule, letter: deadLetter(now, &random))
    // What this operation wrote is in its journal, where the queue looks before it buries the job.
    return JobDecision(dead(.expired, failure), .failed, error: describe(why))
  }

  private func decide(
    _ failure: Failure, isCancelled: Bool, now: UInt64, using random: inout some RandomNumberGenerator
  ) -> JobDecision {
    let job = failure.lease.job
    let told = describe(failure.error)
    let settlement: Settlement
    if isCancelled || failure.kind == .cancelled {
      settlement = failure.cancelLeavesDoubt ? unknown(failure) : .cancelled
    } else {
      settlement =
        switch failure.kind {
        case .auth, .permission:
          if failure.mayRepeat {
            .hold(
              error: told, mustReconcile: job.mustReconcile || failure.performedWrite,
              note: failure.kind == .auth ? "waits for its account" : "waits for a permission")
          } else {
            unknown(failure)
          }
        case .rateLimited: wait(failure, now: now, using: &random)
        case .server, .timeout: again(failure, now: now, using: &random)
        case .unknown:
          policy.isSpent(job, isTimeout: failure.isTimeout)
            ? unknown(failure) : again(failure, now: now, using: &random)
        case .invalid, .policy, .unclassified, .cancelled: dead(.unretryableError, failure)
        }
    }
    return JobDecision(
      settlement, result(of: failure, settlement), error: told, consequences: consequences(of: failure))
  }

  // MARK: Another attempt

  private func again(
    _ failure: Failure, now: UInt64, using random: inout some RandomNumberGenerator
  ) -> Settlement {
    let job = failure.lease.job
    guard failure.mayRepeat else { return unknown(failure) }
    guard !failure.rule.isDestructive else { return dead(.unretryableError, failure) }
    let isTimeout = failure.isTimeout
    guard !policy.isSpent(job, isTimeout: isTimeout) else {
      return failure.wasStoppedAfterAWrite ? unknown(failure) : dead(.maxRetriesExhausted, failure)
    }
    let delay =
      failure.toldDelay ?? policy.delay(afterFailures: job.attempts, using: &random)
    return retry(failure, at: delay.after(now), counts: true, isTimeout: isTimeout)
  }

  private func wait(
    _ failure: Failure, now: UInt64, using random: inout some RandomNumberGenerator
  ) -> Settlement {
    guard failure.mayRepeat else { return unknown(failure) }
    // A platform that says "in 0 s" again and again would be asked without end: such waits do not count.
    let delay =
      failure.toldDelay.map { max($0, policy.firstDelay) }
      ?? policy.delay(afterFailures: failure.lease.number - 1, using: &random)
    return retry(failure, at: delay.after(now), counts: false, isTimeout: false)
  }

  private func retry(_ failure: Failure, at time: UInt64, counts: Bool, isTimeout: Bool) -> Settlement {
    guard time <= policy.expiry(of: failure.lease.job) else {
      return failure.performedWrite ? unknown(failure) : dead(.expired, failure)
    }
    return .retry(
      at: time, error: describe(failure.error), counts: counts, isTimeout: isTimeout,
      mustReconcile: failure.mustReconcile)
  }

  // MARK: The end

  private func dead(_ reason: DeadLetter.Reason, _ failure: Failure) -> Settlement {
    if failure.kind == .unknown || failure.leavesDoubt { return unknown(failure) }
    return .dead(
      reason: reason, error: describe(failure.error), deadLetter: failure.letter,
      mayHaveWritten: failure.performedWrite)
  }

  private func unknown(_ failure: Failure) -> Settlement {
    var error = failure.error
    if FailureClass(error) != .unknown {
      error.message = "it may have taken effect, and the last attempt could not tell: \(error.message)"
    }
    error.code = .unknownOutcome
    error.userMessage = ""
    return .unknown(error: describe(error), deadLetter: failure.letter)
  }

  private func result(of failure: Failure, _ settlement: Settlement) -> Attempt.Result {
    switch failure.kind {
    case .unknown: return .unknown
    case .cancelled: return .cancelled
    default: break
    }
    if settlement == .cancelled { return .cancelled }
    if case .retry(_, _, counts: false, _, _) = settlement { return .parked }
    return .failed
  }

  private func consequences(of failure: Failure) -> [JobDecision.Consequence] {
    let action = failure.lease.job.action
    switch FailureClass(failure.error) {
    case .auth: return [.connectionNeedsAttention(reason: advice(failure.error))]
    case .permission:
      let scopes = failure.rule.scopes
      let needs = scopes.isEmpty ? "" : " It needs: \(scopes.joined(separator: ", "))."
      return [
        .connectionNeedsAttention(reason: "The platform does not permit \(action) to this account.\(needs)")
      ]
    case .unclassified: return [.alert("\(action) failed in an unforeseen way: \(failure.error.message)")]
    default: return []
    }
  }

  private func deadLetter(_ now: UInt64, _ random: inout some RandomNumberGenerator) -> String {
    RecordID.make(.deadLetter, now: now, using: &random)
  }

  private func describe(_ error: OperationError) -> JobError {
    JobError(
      code: error.code.name, message: error.message, action: advice(error),
      platformCode: error.platformCode.isEmpty ? nil : error.platformCode,
      requestId: error.requestID.isEmpty ? nil : error.requestID,
      httpStatus: error.httpStatus == 0 ? nil : error.httpStatus,
      pointer: error.pointer.isEmpty ? nil : error.pointer)
  }
}

/// One failed attempt with all that bears on what follows.
private struct Failure {
  let error: OperationError
  /// What the error calls for after what the attempt did.
  let kind: FailureClass
  let lease: Lease
  let rule: RetryRule
  /// The id of a dead letter, should there be one.
  let letter: String
  let performedWrite: Bool

  init(_ error: OperationError, performedWrite: Bool, lease: Lease, rule: RetryRule, letter: String) {
    self.error = error
    // A connector or a host that breaks after a write leaves it to nobody to say what became of that.
    let isUnforeseen = FailureClass(error.code) == .unclassified
    kind = isUnforeseen && performedWrite ? .unknown : FailureClass(error)
    self.lease = lease
    self.rule = rule
    self.letter = letter
    // Also of a write of an earlier attempt, for which this one looked in vain.
    self.performedWrite = performedWrite || kind == .unknown
  }

  var mayRepeat: Bool { !performedWrite || rule.allowsRepeatAfterWrite }

  /// Once set it stays.
  var mustReconcile: Bool { lease.job.mustReconcile || performedWrite && rule.looksFirstAfterWrite }

  /// An earlier attempt may have taken effect, and this one came to an end before it could tell.
  var leavesDoubt: Bool { lease.job.mustReconcile && !performedWrite && !kind.isRefusal }

  var isTimeout: Bool { kind == .timeout || kind == .unknown && error.code == .timeout }

  /// It did not come to the answer that it was about to give.
  var wasStoppedAfterAWrite: Bool { performedWrite && error.code == .timeout }

  /// A connector that cleaned up says `cancelled`, and one that was refused says so; any other failure after a write
  /// would have been looked into.
  var cancelLeavesDoubt: Bool {
    kind == .unknown || leavesDoubt || performedWrite && kind != .cancelled && !kind.isRefusal
  }

  var toldDelay: Duration? {
    guard case .after(let delay) = error.retry else { return nil }
    return max(delay, .zero)
  }
}
