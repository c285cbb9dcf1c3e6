/// How long a platform asks to be left alone: the header `Retry-After`.
enum RetryAfter {
  /// Longer wishes are told as this.
  static let maximum = Duration.seconds(7 * 24 * 3600)

  /// Nil when the header is absent or unreadable; zero for a date in the past.
  ///
  /// - Parameter unixNanoseconds: the host's clock, that dates are measured against.
  static func parse(_ value: String?, unixNanoseconds: UInt64) -> Duration? {
    guard let text = value?.drop(while: \.isWhitespace), !text.isEmpty else { return nil }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return Int64(text).map { min(.seconds($0), maximum) } ?? maximum
    }
    let now = Int64(unixNanoseconds / 1_000_000_000)
    guard let date = HTTPDate.seconds(of: String(text), now: now) else { return nil }
    return min(max(.seconds(date - now), .zero), maximum)
  }
}
