internal import ConnectorModel

/// Doubling waits with full jitter: anything between nothing and the step, evenly.
///
/// Full jitter spreads clients that failed together better than a jittered step does.
struct Backoff: Sendable, Equatable {
  let first: Duration
  let last: Duration

  /// For limiters that do not say how long.
  static let limiter = Backoff(first: .seconds(1), last: .seconds(60))
  /// For faults of the network and the platform.
  static let fault = Backoff(first: .milliseconds(250), last: .seconds(4))

  /// For what cannot be sent at all.
  static let network = Backoff(first: .seconds(1), last: .seconds(60))

  /// The step of the `attempt`th wait, from 0.
  func step(_ attempt: Int) -> Duration {
    var step = first
    for _ in 0..<min(attempt, 32) where step < last { step *= 2 }
    return min(step, last)
  }

  func wait(_ attempt: Int, random: inout SplitMix64) -> Duration {
    let milliseconds =
      step(attempt).components.seconds * 1000 + step(attempt).components.attoseconds / 1_000_000_000_000_000
    return .milliseconds(Int64.random(in: 0...milliseconds, using: &random))
  }
}
