internal import Manifest
internal import Ports

/// So many requests in any window, wherever it begins.
///
/// The platform counts a request when it arrives, which lies somewhere between its admission and its end. So its
/// place is taken from its admission until a whole window after its end; anything less lets two requests arrive
/// closer together than they were sent.
struct RateRule: Sendable, Equatable {
  /// Places that come free together.
  private struct Spent: Sendable, Equatable {
    /// When the first of them would be free by itself.
    var since: UInt64
    var until: UInt64
    var count: Int
  }

  /// Beyond so many places they come free in groups, that a large window costs little memory.
  private static let groups: UInt64 = 256
  /// A restart takes about as long as a shorter window.
  private static let shortestKept = Duration.seconds(60).nanosecondsClamped
  /// Of groups that outlive the process; more are joined, and come free with the last of them.
  private static let maximumKept = 32

  let count: Int
  /// Nanoseconds.
  let window: UInt64
  /// How far apart the members of a group may be; the earlier ones come free that much late.
  let grain: UInt64
  private(set) var running = 0
  private var spent: [Spent] = []
  private var spentCount = 0

  init(_ rate: Limits.Rate) {
    count = max(1, rate.count)
    window = rate.window.nanosecondsClamped
    grain = UInt64(clamping: count) > Self.groups ? window / Self.groups : 0
  }

  var used: Int { running + spentCount }
  var room: Int { max(0, count - used) }
  var isIdle: Bool { used == 0 }
  /// When the next place comes free by itself.
  var nextRelease: UInt64? { spent.first?.until }
  /// When the last place comes free by itself.
  var lastRelease: UInt64? { spent.last?.until }

  /// Frees the places whose window is over.
  mutating func refresh(now: UInt64) {
    // Only a clock that was set back leaves places that are taken for longer than a window.
    if let last = spent.last, last.until > window.after(now) {
      for index in spent.indices {
        spent[index].since = min(spent[index].since, window.after(now))
        spent[index].until = min(spent[index].until, window.after(now))
      }
    }
    let expired = spent.prefix { $0.until <= now }
    guard !expired.isEmpty else { return }
    spentCount -= expired.reduce(0) { $0 + $1.count }
    spent.removeFirst(expired.count)
  }

  /// What a restart must not forget; what is under way counts as if it ended now.
  func places(now: UInt64) -> [RateCount.Places] {
    guard window >= Self.shortestKept else { return [] }
    var places = spent.filter { $0.until > now }.map { RateCount.Places(until: $0.until, count: $0.count) }
    if running > 0 { places.append(RateCount.Places(until: window.after(now), count: running)) }
    let size = (places.count + Self.maximumKept - 1) / Self.maximumKept
    guard size > 1 else { return places }
    return stride(from: 0, to: places.count, by: size).map { start in
      let joined = places[start..<min(start + size, places.count)]
      return RateCount.Places(
        until: joined.map(\.until).max() ?? 0, count: joined.reduce(0) { $0 + $1.count })
    }
  }

  /// Goes on from what another one knew.
  mutating func take(_ places: [RateCount.Places], now: UInt64) {
    for place in places.sorted(by: { $0.until < $1.until }) where place.until > now && place.count > 0 {
      spent.append(Spent(since: place.until, until: place.until, count: place.count))
      spentCount += place.count
    }
    spent.sort { $0.until < $1.until }
    refresh(now: now)
  }

  /// - Parameter ahead: how many requests certainly go first.
  func block(now: UInt64, ahead: Int) -> LimitBlock? {
    guard room == 0 else { return nil }
    return LimitBlock(cause: .rate, earliest: release(ahead, now: now), wakes: nextRelease, isCrowded: true)
  }

  mutating func admit() { running += 1 }

  /// - Parameter wasSent: false when it certainly never left, and then it does not count.
  mutating func finish(wasSent: Bool, now: UInt64) {
    running -= 1
    guard wasSent else { return }
    spentCount += 1
    let until = window.after(now)
    if let last = spent.last, until <= last.since + grain {
      spent[spent.count - 1].count += 1
      spent[spent.count - 1].until = max(last.until, until)
    } else {
      spent.append(Spent(since: until, until: max(until, spent.last?.until ?? 0), count: 1))
    }
  }

  /// When the place that the request behind `ahead` others gets comes free, at the earliest.
  private func release(_ ahead: Int, now: UInt64) -> UInt64 {
    let rounds = UInt64(ahead / count)
    var rest = ahead % count
    var time = window.after(now)
    for group in spent {
      if rest < group.count {
        time = group.until
        break
      }
      rest -= group.count
    }
    let (more, overflow) = rounds.multipliedReportingOverflow(by: window)
    return overflow ? .max : more.after(time)
  }
}

extension UInt64 {
  /// These nanoseconds after a time; the end of time instead of an overflow.
  func after(_ time: UInt64) -> UInt64 {
    let (sum, overflow) = time.addingReportingOverflow(self)
    return overflow ? .max : sum
  }
}
