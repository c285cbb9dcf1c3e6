/// Why a request cannot go now.
struct LimitBlock: Sendable, Equatable {
  enum Cause: String, Sendable {
    /// As many are under way as may be.
    case concurrency
    /// As many were sent in the window as may be.
    case rate
    /// The platform tells that much of what it allows is used.
    case usage
    /// A quota is used up.
    case quota
    /// The platform refused and said for how long.
    case rateLimited = "rate_limited"
  }

  var cause: Cause
  /// Certainly not before this time, nanoseconds since 1970.
  var earliest: UInt64
  /// When to look again; nil when only the end of an exchange changes it.
  var wakes: UInt64?
  /// Others have the places, and they come back one by one; otherwise the bucket is closed to everybody.
  var isCrowded = false

  /// As callers read it: `rate:daily`; a bucket that is named after its cause is not named twice.
  func reason(bucket: String) -> String {
    cause == .rateLimited || bucket == cause.rawValue ? cause.rawValue : "\(cause.rawValue):\(bucket)"
  }
}
