/// What was sent under one rate of a manifest and still counts: a restart must not forget it.
package struct RateCount: Sendable, Equatable {
  /// Places that come free together.
  package struct Places: Sendable, Equatable {
    /// Nanoseconds since 1970.
    package var until: UInt64
    package var count: Int

    package init(until: UInt64, count: Int) {
      self.until = until
      self.count = count
    }
  }

  /// The bucket's name in the manifest.
  package var bucket: String
  /// What it is counted for, as keys of buckets write it.
  package var subject: String
  /// By time; none when nothing counts any more.
  package var places: [Places]

  package init(bucket: String, subject: String, places: [Places]) {
    self.bucket = bucket
    self.subject = subject
    self.places = places
  }
}

/// Keeps what was sent under long rates.
package protocol LimitStore: Sendable {
  /// Takes the place of what was kept of these buckets and subjects; what holds no longer at `now` may go.
  func keep(_ counts: [RateCount], connector: String, now: UInt64) async throws(StoreError)
  /// What was kept and still holds at `now`, by connector.
  func rateCounts(now: UInt64) async throws(StoreError) -> [String: [RateCount]]
}
