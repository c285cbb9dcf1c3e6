package import Ports

/// How long a host keeps what is over.
///
/// The audit trail is kept for ever, idempotency keys for 30 days after their job's end.
package struct RetentionPolicy: Sendable, Equatable {
  package static let day = Duration.seconds(24 * 3600)

  /// Ended jobs with their attempts and payloads.
  package var jobs: Duration
  /// Dead letters that were dropped, or whose new job has ended.
  package var deadLetters: Duration
  package var healthChecks: Duration
  /// Records since a sync last found them changed.
  package var records: Duration

  package init(
    jobs: Duration = day * 90, deadLetters: Duration = day * 90, healthChecks: Duration = day * 30,
    records: Duration = day * 400
  ) {
    self.jobs = jobs
    self.deadLetters = deadLetters
    self.healthChecks = healthChecks
    self.records = records
  }

  package subscript(kind: RetainedKind) -> Duration {
    switch kind {
    case .jobs: jobs
    case .deadLetters: deadLetters
    case .healthChecks: healthChecks
    case .records: records
    }
  }
}
