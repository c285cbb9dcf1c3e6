internal import Ports

/// Exchanges under way at once, and how many the platform's refusals leave of them.
///
/// A refusal halves, ten successes win one place back. Where nobody has declared how many there may be, a refusal leaves
/// half of those that were under way; that is forgotten five minutes after the last one.
struct ConcurrencyRule: Sendable, Equatable {
  /// What an exchange tells about the platform's mood.
  enum Pace: Sendable, Equatable { case fine, refused, unclear }

  private static let successesPerPlace = 10
  private static let memory = Duration.seconds(300)

  /// Nil where none is declared.
  let limit: Int?
  private(set) var allowed: Int
  private(set) var running = 0
  /// Counts halvings, so that requests that were refused together halve once.
  private(set) var round = 0
  private var successes = 0
  private var refusedAt: UInt64?

  init(limit: Int?) {
    self.limit = limit.map { max(1, $0) }
    allowed = self.limit ?? .max
  }

  var room: Int { max(0, allowed - running) }
  var isIdle: Bool { running == 0 && !isSlowed }
  /// Refusals leave fewer than there may be at best.
  var isSlowed: Bool { allowed < limit ?? .max }

  /// When refusals are forgotten; nil when there were none, and where a limit is declared.
  private var forgets: UInt64? { limit == nil ? refusedAt.map(Self.memory.after) : nil }

  mutating func refresh(now: UInt64) {
    guard let since = refusedAt, let forgets, now >= forgets || now < since else { return }
    (allowed, successes, refusedAt) = (.max, 0, nil)
  }

  func block(now: UInt64) -> LimitBlock? {
    room > 0 ? nil : LimitBlock(cause: .concurrency, earliest: now, wakes: forgets, isCrowded: true)
  }

  mutating func admit() { running += 1 }

  /// - Parameter started: the round in which the exchange was admitted.
  mutating func finish(_ pace: Pace, round started: Int, now: UInt64) {
    let underWay = running
    running -= 1
    switch pace {
    case .unclear: break
    case .refused:
      guard started == round else { return }
      allowed = max(1, (limit == nil ? min(allowed, underWay) : allowed) / 2)
      round += 1
      successes = 0
      refusedAt = now
    case .fine:
      guard isSlowed else { return }
      successes += 1
      if successes == Self.successesPerPlace {
        allowed += 1
        successes = 0
      }
    }
  }
}
