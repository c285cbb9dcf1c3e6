internal import Ports

/// What the platform's headers say is left of a window that only it knows.
///
/// In one window what is left only falls, so the lowest number told counts, less what is under way and may not
/// have been counted when it was told.
struct RemainingRule: Sendable, Equatable {
  /// What one answer told.
  struct Reading: Sendable, Equatable {
    var left: Int
    /// Nanoseconds since 1970; nil when the answer did not tell.
    var resets: UInt64?
  }

  /// Requests at once before the platform has answered the first.
  static let firstLook = 10
  /// Two ends of a window this close are one, told with other roundings.
  static let tolerance: UInt64 = 1_000_000_000
  /// For how long a number is believed that came without its window's end.
  static let unboundedWindow: UInt64 = 60 * 1_000_000_000
  /// No window is believed to last longer.
  static let longestWindow: UInt64 = 7 * 86_400 * 1_000_000_000

  private(set) var running = 0
  /// Left by what was told last; nil when nothing is known.
  private(set) var left: Int?
  private(set) var resets: UInt64?
  /// The most that was ever left, with the request that told it: what a new window holds.
  private(set) var capacity: Int?
  private var hasAnswered = false

  var isIdle: Bool { running == 0 && resets == nil }

  mutating func refresh(now: UInt64) {
    if let end = resets, end > Self.longestWindow.after(now) { resets = Self.longestWindow.after(now) }
    if let end = resets, end <= now {
      left = capacity
      resets = nil
    }
    // A new window of which nobody tells anything must not stay closed.
    if resets == nil, running == 0, let known = left, known <= 0 { left = nil }
  }

  func block(now: UInt64, ahead: Int) -> LimitBlock? {
    guard let left else {
      guard !hasAnswered, running >= Self.firstLook else { return nil }
      return LimitBlock(cause: .rate, earliest: now, wakes: nil)
    }
    guard left - running <= 0 else { return nil }
    // Only what is told after the end can let it go; before that, answers under way only take away.
    let earliest = left <= ahead ? resets ?? now : now
    return LimitBlock(cause: .rate, earliest: earliest, wakes: resets)
  }

  mutating func admit() { running += 1 }

  mutating func finish(_ reading: Reading?, wasSent: Bool, hasAnswered: Bool, now: UInt64) {
    running -= 1
    if hasAnswered { self.hasAnswered = true }
    guard let reading else {
      if wasSent, let known = left { left = known - 1 }
      return
    }
    capacity = max(capacity ?? 0, max(0, reading.left) + 1)
    let end = reading.resets ?? resets ?? Self.unboundedWindow.after(now)
    guard end > now else { return }
    if let current = resets, end <= Self.tolerance.after(current) {
      // Told of a window that is over by another answer.
      guard current <= Self.tolerance.after(end) else { return }
      left = min(left ?? reading.left, reading.left)
      resets = max(current, end)
    } else {
      left = max(0, reading.left)
      resets = end
    }
  }
}
