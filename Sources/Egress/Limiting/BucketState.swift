package import Manifest

/// What one rule of one bucket knows at a moment, for people.
package struct BucketState: Sendable, Equatable {
  package enum Kind: String, Sendable { case concurrency, rate, remaining, usage, quota }

  /// Where `allowed` comes from.
  package enum Source: String, Sendable {
    case manifest, headers, bodies
    /// The manifest's number, halved by the platform's refusals.
    case refusals
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
  /// How much of that there may be; nil when it is not known.
  package var allowed: Int?
  /// Requests that wait in this bucket.
  package var waiting: Int
  /// When the next request may go, nanoseconds since 1970; nil for now, or when an exchange ends.
  package var nextFree: UInt64?
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
