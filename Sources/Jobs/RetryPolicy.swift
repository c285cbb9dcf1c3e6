internal import Ports

/// How often and when a failed attempt is repeated.
package struct RetryPolicy: Sendable, Equatable {
  package var maximumAttempts = 4
  /// Attempts that may end in a time-out.
  package var maximumTimeouts = 3
  package var firstDelay = Duration.seconds(1)
  package var jitter = Duration.seconds(1)
  package var longestDelay = Duration.seconds(60)
  /// Counts from ``Job/dueAt``.
  package var maximumAge = Duration.seconds(7 * 24 * 3600)

  package init() {}

  /// The wait after an attempt, when nobody says how long: it doubles with each failure before.
  package func delay(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Duration
  {
    let doublings = min(max(0, failures), 16)
    let extra = UInt64.random(in: 0...jitter.nanosecondsClamped, using: &random)
    return min(firstDelay * (1 << doublings) + .nanoseconds(Int64(clamping: extra)), longestDelay)
  }

  /// Whether an attempt that has just failed was the last.
  func isSpent(_ job: Job, isTimeout: Bool) -> Bool {
    job.attempts + 1 >= maximumAttempts || isTimeout && job.timeouts + 1 >= maximumTimeouts
  }

  /// After this nothing is tried any more.
  func expiry(of job: Job) -> UInt64 { maximumAge.after(job.dueAt) }
}
