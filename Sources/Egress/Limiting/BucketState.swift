package import Manifest
package import Ports

/// What one rule of one bucket knows at a moment, for people.
package struct BucketState: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable { case concurrency, rate, remaining, usage, quota }

  /// Where `allowed` comes from.
  package enum Source: String, Sendable, CaseIterable {
    case manifest = "declared"
    case headers = "header"
    case bodies = "body"
    /// The manifest's number, halved by the platform's refusals.
    case refusals = "adaptive"
  }

  /// The bucket's name in the manifest.
  package var name: String
  package var scope: Limits.Bucket.Scope
  /// Whom it is counted for: `account:…`, `connection:…` until the account is known, a client id; empty when nobody
  /// uses the bucket now.
  package var subject: String
  package var kind: Kind
  package var source: Source
  /// Exchanges under way; for a rate those in the window too, for a quota what is used, for a usage its percent.
  package var inUse: Int
  /// How much of that there may be now; nil when it is not known.
  package var allowed: Int?
  /// What the manifest, or the platform, says there may be at best; nil when it is not known.
  package var limit: Int?
  /// Of a rate.
  package var window: Duration?
  /// When everything that is used is free again, nanoseconds since 1970; nil when nothing is, or nobody tells.
  package var resets: UInt64?
  /// Exchanges of the bucket under way.
  package var running = 0
  /// Requests that wait in this bucket.
  package var waiting: [OperationScope.Priority: Int] = [:]
  /// When the next request may go, nanoseconds since 1970; nil for now, or when an exchange ends.
  package var nextFree: UInt64?
  /// The platform refused, and nothing goes before this time, nanoseconds since 1970.
  package var closedUntil: UInt64?

  /// Whom it is counted for, and at which endpoint.
  package var holder: (subject: LimitSubject, endpoint: String?) {
    LimitSubject.parse(subject, scope: scope)
  }

  /// How much may still go; nil when it is not known.
  package var left: Int? {
    guard let allowed else { return nil }
    // What headers count down is told as what is left, less what is under way.
    return max(0, allowed - inUse)
  }
}

/// A host that is left alone for a while, because nothing works there.
package struct CircuitState: Sendable, Equatable {
  /// Scheme, host and port.
  package var origin: String
  /// Failures in a row.
  package var failures: Int
  /// When the next request may find out whether it works again, nanoseconds since 1970; nil while requests pass.
  package var opensAt: UInt64?
  /// One request is finding out now.
  package var isProbing: Bool
}
