extension Duration {
  /// For people: `250 ms`, `30 s`, `5 min`, `2 h`; whole units, rounded up.
  package var words: String {
    let milliseconds = millisecondsRoundedUp
    for (unit, size) in [("h", UInt64(3_600_000)), ("min", 60_000), ("s", 1_000)]
    where milliseconds >= size && milliseconds % size == 0 {
      return "\(milliseconds / size) \(unit)"
    }
    return milliseconds >= 1_000 ? "\(milliseconds / 1_000 + 1) s" : "\(milliseconds) ms"
  }
}
