internal import ConnectorModel
internal import Ports

/// Decides whether one effect's request goes out again.
///
/// The host re-sends what was proven not to be carried out, and repeats only what may be repeated; everything else
/// is delivered once.
struct ResendPolicy: Sendable {
  enum Verdict: Sendable, Equatable {
    /// What came is what the connector gets.
    case settle
    /// Get a new token and send once more.
    case refresh
    case resend(after: Duration, reason: Reason)
    /// The platform, or the back-off, asks for more patience than a running operation has.
    case tooLong(Duration)
    /// Nothing could be sent, and trying on is not for a running operation.
    case unreachable(Duration)
  }

  /// Why an effect waits, as people read it.
  enum Reason: String, Sendable {
    /// 429, or what a rule of the manifest says is the same.
    case rateLimited = "rate_limited"
    /// 503 with `Retry-After`.
    case unavailable
    /// The platform failed a request that may be repeated.
    case retry
    /// Nothing had been sent.
    case network
  }

  /// Re-sends of one effect, whatever the reasons.
  static let maximumResends = 8
  /// Repeats of reads and idempotent writes.
  static let maximumRepeats = 2
  /// Re-sends of what never left.
  static let maximumUnsent = 3

  /// The longest single wait.
  let park: Duration
  private(set) var resends = 0
  private var limited = 0
  private var repeats = 0
  private var unsent = 0
  private var hasRefreshed = false

  init(park: Duration) { self.park = park }

  mutating func verdict(on finding: Finding, isWrite: Bool, random: inout SplitMix64) -> Verdict {
    let verdict = wish(on: finding, isWrite: isWrite, random: &random)
    switch verdict {
    case .tooLong, .unreachable: return verdict
    case .settle, .refresh, .resend: break
    }
    guard verdict != .settle else { return .settle }
    guard resends < Self.maximumResends else {
      if case .resend(_, .network) = verdict { return unreachable(&random) }
      return .settle
    }
    resends += 1
    return verdict
  }

  private mutating func wish(on finding: Finding, isWrite: Bool, random: inout SplitMix64) -> Verdict {
    switch finding {
    case .answered(let answer):
      if answer.isLimit {
        limited += 1
        let asked = answer.retryAfter.flatMap { $0 > .zero ? $0 : nil }
        let wait = asked ?? Backoff.limiter.wait(limited - 1, random: &random)
        guard wait <= park else { return .tooLong(wait) }
        return .resend(after: wait, reason: answer.status == 503 ? .unavailable : .rateLimited)
      }
      if answer.status == 401, answer.verdict.outcome == .unauthenticated, !hasRefreshed {
        hasRefreshed = true
        return .refresh
      }
      let isPlatformFault = answer.status >= 500 && answer.verdict.outcome == .upstream
      return isPlatformFault ? repetition(isWrite, &random) : .settle
    case .failed(let failure):
      switch failure.kind {
      case .cancelled, .refusedAddress, .tooLarge, .other: return .settle
      // It would fail the same way a second later.
      case .tls: return failure.requestMayHaveLeft ? .settle : unreachable(&random)
      case .resolve, .connect, .reset, .truncated, .malformed, .timeout, .refusedStream:
        return failure.requestMayHaveLeft ? repetition(isWrite, &random) : unsentRepetition(&random)
      }
    }
  }

  private mutating func repetition(_ isWrite: Bool, _ random: inout SplitMix64) -> Verdict {
    guard !isWrite, repeats < Self.maximumRepeats else { return .settle }
    repeats += 1
    return .resend(after: min(Backoff.fault.wait(repeats - 1, random: &random), park), reason: .retry)
  }

  private mutating func unsentRepetition(_ random: inout SplitMix64) -> Verdict {
    guard unsent < Self.maximumUnsent else { return unreachable(&random) }
    unsent += 1
    return .resend(after: min(Backoff.fault.wait(unsent - 1, random: &random), park), reason: .network)
  }

  /// Whoever waits for longer backs off by itself; this is the least.
  func unreachable(_ random: inout SplitMix64) -> Verdict {
    .unreachable(Backoff.network.first + Backoff.network.wait(0, random: &random))
  }
}
