internal import Ports

/// A quota of writes that the bodies of answers tell.
///
/// Reads always pass: the next reading is one of them.
struct QuotaRule: Sendable, Equatable {
  /// What one answer told.
  struct Reading: Sendable, Equatable {
    var used: Int
    var total: Int
  }

  /// For how long a number is believed; the quota comes back at a time that nobody tells.
  static let lifetime: UInt64 = 600 * 1_000_000_000

  private var reading: Reading?
  private var told: UInt64 = 0
  /// Writes since it was told, or under way then.
  private var spent = 0
  private(set) var writes = 0

  var used: Int { (reading?.used ?? 0) + spent }
  var total: Int? { reading?.total }
  var isIdle: Bool { writes == 0 && reading == nil }

  mutating func refresh(now: UInt64) {
    guard reading != nil, Self.lifetime.after(told) <= now || told > now else { return }
    reading = nil
    spent = writes
  }

  func block(now: UInt64) -> LimitBlock? {
    guard let reading, used >= reading.total else { return nil }
    let until = Self.lifetime.after(told)
    return LimitBlock(cause: .quota, earliest: until, wakes: until)
  }

  mutating func admit() {
    writes += 1
    spent += 1
  }

  /// - Parameter isUndone: the write certainly did not happen.
  mutating func finish(isWrite: Bool, isUndone: Bool) {
    guard isWrite else { return }
    writes -= 1
    if isUndone { spent = max(0, spent - 1) }
  }

  mutating func note(_ reading: Reading, now: UInt64) {
    self.reading = reading
    told = now
    // Those under way may be in the number already; counting them twice is the safe side.
    spent = writes
  }
}
