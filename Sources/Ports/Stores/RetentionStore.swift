/// Removes what has been kept long enough.
package protocol RetentionStore: Sendable {
  /// Removes the oldest rows of a kind that were over before `time`, at most `limit`, in one transaction.
  ///
  /// - Returns: how many; fewer than `limit` when no more are that old.
  func remove(_ kind: RetainedKind, before time: UInt64, limit: Int) async throws(StoreError) -> Int
}

/// What is not kept for ever.
package enum RetainedKind: String, Sendable, CaseIterable {
  /// Dead letters that were dropped, or whose new job has ended.
  case deadLetters = "dead_letters"
  /// Ended jobs with attempts and payloads, unless a dead letter or an idempotency key answers for them.
  case jobs
  case healthChecks = "health_checks"
  /// Records that no sync has found changed since.
  case records
}
