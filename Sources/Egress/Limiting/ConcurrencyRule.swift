/// Exchanges under way at once, and how many the platform's refusals leave of them.
///
/// A refusal halves, ten successes win one place back.
struct ConcurrencyRule: Sendable, Equatable {
  /// What an exchange tells about the platform's mood.
  enum Pace: Sendable, Equatable { case fine, refused, unclear }

  private static let successesPerPlace = 10

  let limit: Int
  private(set) var allowed: Int
  private(set) var running = 0
  /// Counts halvings, so that requests that were refused together halve once.
  private(set) var round = 0
  private var successes = 0

  init(limit: Int) {
    self.limit = max(1, limit)
    allowed = self.limit
  }

  var room: Int { max(0, allowed - running) }
  var isIdle: Bool { running == 0 && allowed == limit }

  func block(now: UInt64) -> LimitBlock? {
    room > 0 ? nil : LimitBlock(cause: .concurrency, earliest: now, wakes: nil, isCrowded: true)
  }

  mutating func admit() { running += 1 }

  /// - Parameter started: the round in which the exchange was admitted.
  mutating func finish(_ pace: Pace, round started: Int) {
    running -= 1
    switch pace {
    case .unclear: break
    case .refused:
      guard started == round else { return }
      allowed = max(1, allowed / 2)
      round += 1
      successes = 0
    case .fine:
      guard allowed < limit else { return }
      successes += 1
      if successes == Self.successesPerPlace {
        allowed += 1
        successes = 0
      }
    }
  }
}
