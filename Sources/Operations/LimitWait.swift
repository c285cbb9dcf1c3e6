internal import Ports

/// How long one exchange has waited for limits.
struct LimitWait: Sendable {
  /// When the wait under way began, in nanoseconds since 1970; nil while there is none.
  var since: UInt64?
  /// Of the waits before it.
  private(set) var past = Duration.zero

  /// Of the wait under way.
  func current(at now: UInt64) -> Duration {
    guard let since, now > since else { return .zero }
    return .nanoseconds(Int64(clamping: now - since))
  }

  /// Ends the wait under way and returns how long it was.
  mutating func end(at now: UInt64) -> Duration {
    let waited = current(at: now)
    since = nil
    past += waited
    return waited
  }
}
