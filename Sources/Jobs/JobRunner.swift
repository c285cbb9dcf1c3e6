package import Ports

/// Runs attempts for the dispatcher: what Runtime provides.
package protocol JobRunner: Sendable {
  /// Runs one attempt until it ends by itself or by an order of `control`.
  ///
  /// `lease.job.mustReconcile` obliges it to look before it writes.
  func run(_ lease: Lease, _ control: AttemptControl) async -> AttemptOutcome

  /// What the manifest says of repeating the job's action.
  func retryRule(for job: Job) -> RetryRule

  /// Moves the job's connection to `attention`; doing it again changes nothing.
  ///
  /// Called before the job is held, so that no crash leaves a held job of which nobody is told.
  func connectionNeedsAttention(_ job: Job, reason: String) async throws(StoreError)
}
