internal import Ports

extension RateRule {
  /// A restart takes about as long as a shorter window.
  static let shortestKept = Duration.seconds(60).nanosecondsClamped
  /// More are joined, and come free with the last of them.
  private static let maximumKept = 32

  /// What a restart must not forget; what is under way counts as if it ended now.
  func places(now: UInt64) -> [RateCount.Places] {
    guard window >= Self.shortestKept else { return [] }
    var places = spent.filter { $0.until > now }.map { RateCount.Places(until: $0.until, count: $0.count) }
    if running > 0 { places.append(RateCount.Places(until: window.after(now), count: running)) }
    guard places.count > Self.maximumKept else { return places }
    let size = (places.count + Self.maximumKept - 1) / Self.maximumKept
    return stride(from: 0, to: places.count, by: size).map { start in
      let joined = places[start..<min(start + size, places.count)]
      return RateCount.Places(
        until: joined.map(\.until).max() ?? 0, count: joined.reduce(0) { $0 + $1.count })
    }
  }
}
