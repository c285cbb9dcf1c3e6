extension Duration {
  /// Whole nanoseconds, 0 for negative durations, `UInt64.max` beyond 584 years.
  package var nanosecondsClamped: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product &+ UInt64(attoseconds) / 1_000_000_000
  }

  /// Whole milliseconds, rounded up, so that a wait told in them is never too short.
  package var millisecondsRoundedUp: UInt64 {
    let nanoseconds = nanosecondsClamped
    return nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1)
  }

  /// This long after a time in nanoseconds; `UInt64.max` instead of an overflow.
  package func after(_ nanoseconds: UInt64) -> UInt64 {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(nanosecondsClamped)
    return overflow ? .max : sum
  }
}
