internal import ConnectorModel
internal import Ports

/// Leaves a host alone on which everything fails, and finds out with one request at a time whether it works again.
///
/// A pure value; time and chance come in.
struct Circuit: Sendable, Equatable {
  private enum State: Sendable, Equatable {
    case closed
    /// Nothing passes before this time.
    case open(until: UInt64)
    /// One request finds out.
    case probing
  }

  /// Shown when the exchange ends.
  struct Pass: Sendable, Equatable {
    fileprivate var era: Int
  }

  enum Ending: Sendable, Equatable {
    /// The host works, whatever it said.
    case works
    case failed
    /// Given up, or not sent after all.
    case unclear
  }

  /// Failures in a row that open it.
  static let threshold = 10
  /// Open times before jitter, which takes away up to a half.
  static let pauses = Backoff(first: .seconds(2), last: .seconds(60))
  /// What one is told who comes while another finds out.
  static let probeWait = Duration.seconds(1)

  private var state = State.closed
  private(set) var failures = 0
  private var openings = 0
  private var running = 0
  /// Counts changes of state, so that what began before one says nothing about the state after.
  private var era = 0

  /// It knows nothing that a new one would not know.
  var isIdle: Bool { running == 0 && state == .closed && failures == 0 && openings == 0 }
  var isProbing: Bool { state == .probing }
  var opensAt: UInt64? {
    if case .open(let until) = state { return until }
    return nil
  }

  /// How long nothing passes, nil when the next request may.
  func pause(now: UInt64) -> Duration? {
    switch state {
    case .closed: nil
    case .open(let until):
      until > now ? .nanoseconds(Int64(clamping: until - now)) : nil
    case .probing: Self.probeWait
    }
  }

  /// - Returns: nil when nothing passes now.
  mutating func enter(now: UInt64) -> Pass? {
    // No pause is longer; the clock was set back.
    if case .open(let until) = state, until > Self.pauses.last.after(now) {
      state = .open(until: Self.pauses.last.after(now))
    }
    guard pause(now: now) == nil else { return nil }
    if state != .closed {
      state = .probing
      era += 1
    }
    running += 1
    return Pass(era: era)
  }

  mutating func leave(_ pass: Pass, _ ending: Ending, now: UInt64, random: inout SplitMix64) {
    running -= 1
    guard pass.era == era else { return }
    switch (state, ending) {
    case (.closed, .unclear), (.open, _): break
    case (.closed, .works), (.probing, .works):
      if state == .probing { era += 1 }
      state = .closed
      failures = 0
      openings = 0
    case (.closed, .failed):
      failures += 1
      if failures >= Self.threshold { open(now: now, random: &random) }
    case (.probing, .failed):
      failures += 1
      open(now: now, random: &random)
    case (.probing, .unclear):
      state = .open(until: now)
      era += 1
    }
  }

  private mutating func open(now: UInt64, random: inout SplitMix64) {
    let pause = Self.pauses.step(openings)
    let half = (pause / 2).nanosecondsClamped
    state = .open(until: (half + UInt64.random(in: 0...half, using: &random)).after(now))
    openings += 1
    era += 1
  }
}
