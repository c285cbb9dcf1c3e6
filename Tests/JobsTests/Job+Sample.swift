import ConnectorModel
import Jobs
import Manifest
import Ports

let second: UInt64 = 1_000_000_000
let day: UInt64 = 24 * 3600 * second
/// When the samples were made; VirtualClock starts there.
let start: UInt64 = 1_767_225_600 * second

extension Job {
  static func sample(
    _ id: String = "job_1", connection: String = "con_1", tenant: String = "t", scheduledFor: UInt64? = nil,
    attempts: Int = 0, timeouts: Int = 0, mustReconcile: Bool = false
  ) -> Job {
    var job = Job(
      id: id, tenant: tenant, connection: connection, connector: "mailchimp", action: "campaign.publish",
      payload: Array("{}".utf8), idempotencyKey: id, digest: [], scheduledFor: scheduledFor, createdAt: start,
      mustReconcile: mustReconcile)
    job.attempts = attempts
    job.timeouts = timeouts
    return job
  }
}

extension Lease {
  init(_ job: Job, number: Int? = nil) {
    self.init(
      job: job, token: LeaseToken(job: job.id, fence: 1), until: start + 30 * second,
      number: number ?? job.attempts + 1)
  }
}

extension AttemptOutcome.Ending {
  static func failed(
    _ code: OutcomeCode, retry: OperationError.Retry = .no, wrote: Bool = false, _ message: String = "m"
  ) -> Self {
    .failed(OperationError(code, message, retry: retry), performedWrite: wrote)
  }
}

extension JobMachine {
  static let sample = JobMachine(advice: { "advice for \($0.code.name)" })

  /// A decision with fixed chance.
  func decision(
    of job: Job = .sample(), number: Int? = nil, _ ending: AttemptOutcome.Ending,
    _ rule: RetryRule = RetryRule(retry: .reconcile), isCancelled: Bool = false, now: UInt64 = start
  ) -> JobDecision? {
    var random = SplitMix64(seed: 1)
    return decide(
      Lease(job, number: number), ending, rule: rule, isCancelled: isCancelled, now: now, using: &random)
  }
}

extension JobDecision {
  /// Where the job goes, in a few letters that a table can show.
  var target: String {
    switch settlement {
    case .published: "published"
    case .retry(_, _, let counts, let isTimeout, let mustReconcile):
      (counts ? "again" : "waits") + (isTimeout ? " timeout" : "") + (mustReconcile ? " looks" : "")
    case .park: "parked"
    case .hold(_, let mustReconcile, _): "held" + (mustReconcile ? " looks" : "")
    case .cancelled: "cancelled"
    case .unknown: "unknown"
    case .dead(let reason, _, _, _): "dead \(reason.rawValue)"
    }
  }

  var retryAt: UInt64? {
    if case .retry(let time, _, _, _, _) = settlement { time } else { nil }
  }

  var jobError: JobError? {
    switch settlement {
    case .retry(_, let error, _, _, _), .hold(let error, _, _), .unknown(let error, _),
      .dead(_, let error, _, _):
      error
    case .published, .park, .cancelled: nil
    }
  }
}
