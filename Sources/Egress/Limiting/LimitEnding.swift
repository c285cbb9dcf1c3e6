internal import Manifest

/// What the end of an exchange tells the limiter.
struct LimitEnding: Sendable, Equatable {
  var pace: ConcurrencyRule.Pace = .unclear
  /// False when it certainly never left, and so counts nowhere.
  var wasSent = true
  /// The platform answered, whatever it said.
  var hasAnswered = false
  /// The platform certainly did not carry it out.
  var isUndone = false
  /// The platform refused, and said for how long.
  var hold: Duration?
  /// What the answer tells each bucket.
  var readings: [LimitKey: LimitReading] = [:]

  /// The request was admitted and then not sent at all.
  static let unsent = LimitEnding(wasSent: false, isUndone: true)
}

/// What one answer tells one bucket.
struct LimitReading: Sendable, Equatable {
  var remaining: RemainingRule.Reading?
  var usage: UsageRule.Readings?
  var quota: QuotaRule.Reading?
}

/// Names one bucket and whom it is counted for.
struct LimitKey: Sendable, Hashable {
  /// The bucket's name in the manifest.
  var bucket: String
  /// What it is counted for: an account, an app, an account at an endpoint.
  var subject: String
}

/// A place in a bucket that a request needs.
struct LimitClaim: Sendable, Equatable {
  var key: LimitKey
  var declared: Limits.Bucket
}
