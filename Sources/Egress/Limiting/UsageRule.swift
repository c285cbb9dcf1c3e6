internal import Manifest
internal import Ports

/// What the platform says is used up, in percent: from one mark on requests are spread, from another they wait.
///
/// Several headers, and several objects in one header, are kept apart; the worst counts.
struct UsageRule: Sendable, Equatable {
  /// What one object of one header told.
  struct Reading: Sendable, Equatable {
    /// Header, object and kind.
    var source: String
    var percent: Int
    /// Until the platform lets requests pass again; nil when it does not say.
    var regain: Duration?
  }

  struct Readings: Sendable, Equatable {
    var told: [Reading] = []
    /// Sources that are low when they are not told: headers that come only once there is something to tell.
    var silent: [String] = []
    /// What the answer does not tell is low, because it is a success; a failure proves nothing by what it leaves out.
    var isConclusive = true
  }

  private struct Source: Sendable, Equatable {
    var percent: Int
    var told: UInt64
    /// Requests wait until then.
    var hold: UInt64?
    /// Holds in a row.
    var holds = 0
  }

  private static let second: UInt64 = 1_000_000_000
  /// The first wait where the platform names none; it doubles each time the next request is told to stop too.
  static let firstHold = 60 * second
  static let lastHold = 16 * 60 * second
  /// What the platform names is believed up to here.
  static let longestHold = 24 * 3600 * second
  /// Requests this far apart when the usage is half way between the marks.
  static let spread = second
  static let widestSpread = 30 * second
  /// A reading that nothing has renewed is forgotten after this.
  static let lifetime = 600 * second
  static let maximumSources = 64

  let slowAt: Int
  let stopAt: Int
  private var sources: [String: Source] = [:]
  private var lastAdmission: UInt64?
  private var isProbing = false
  private(set) var running = 0

  init(_ usage: Limits.Usage) {
    stopAt = max(1, usage.stopAt)
    slowAt = min(usage.slowAt, max(1, usage.stopAt) - 1)
  }

  /// The highest usage known, in percent.
  var percent: Int { sources.values.map(\.percent).max() ?? 0 }
  var isIdle: Bool { running == 0 && sources.isEmpty }
  /// When the longest wait that the platform's numbers ask for is over, nanoseconds since 1970.
  var holdsUntil: UInt64? { sources.values.compactMap(\.hold).max() }

  mutating func refresh(now: UInt64) {
    if let last = lastAdmission, last > now { lastAdmission = now }
    guard !sources.isEmpty else { return }
    sources = sources.filter { _, source in
      let since = source.hold ?? source.told
      return Self.lifetime.after(since) > now && source.told <= now
    }
    for (name, source) in sources {
      if let hold = source.hold, hold > Self.longestHold.after(now) {
        sources[name]?.hold = Self.longestHold.after(now)
      }
    }
  }

  func block(now: UInt64, ahead: Int) -> LimitBlock? {
    let holds = sources.values.compactMap(\.hold)
    if let until = holds.max() {
      guard until <= now else { return LimitBlock(cause: .usage, earliest: until, wakes: until) }
      // The wait is over: one request finds out whether it was long enough.
      return isProbing ? LimitBlock(cause: .usage, earliest: now, wakes: nil) : nil
    }
    guard percent >= slowAt, let lastAdmission else { return nil }
    let next = gap.after(lastAdmission)
    guard next > now else { return nil }
    let (more, overflow) = gap.multipliedReportingOverflow(by: UInt64(ahead))
    return LimitBlock(cause: .usage, earliest: overflow ? .max : more.after(next), wakes: next)
  }

  /// - Returns: whether this request finds out if a wait was long enough.
  mutating func admit(now: UInt64) -> Bool {
    running += 1
    lastAdmission = now
    guard !isProbing, sources.values.contains(where: { $0.hold != nil }) else { return false }
    isProbing = true
    return true
  }

  mutating func finish(_ readings: Readings?, isProbe: Bool, now: UInt64) {
    running -= 1
    if isProbe { isProbing = false }
    guard let readings else { return }
    for reading in readings.told { apply(reading, now: now) }
    for (name, source) in sources where !readings.told.contains(where: { $0.source == name }) {
      let isOver = source.hold.map { $0 <= now } ?? false
      let isSilent = source.hold == nil && readings.silent.contains(name)
      if isSilent || isProbe && isOver && readings.isConclusive { sources[name] = nil }
    }
  }

  /// Nanoseconds between two requests.
  private var gap: UInt64 {
    let used = UInt64(max(0, percent - slowAt))
    let left = UInt64(max(1, stopAt - percent))
    return min(Self.spread * used / left, Self.widestSpread)
  }

  private mutating func apply(_ reading: Reading, now: UInt64) {
    let known = sources[reading.source]
    let regain = reading.regain.map(\.nanosecondsClamped) ?? 0
    if let hold = known?.hold, hold > now {
      // Sent before the wait began; it may lengthen the wait, and what it tells otherwise is old.
      if regain > 0 { sources[reading.source]?.hold = max(hold, min(regain, Self.longestHold).after(now)) }
      return
    }
    guard reading.percent >= slowAt || regain > 0 else {
      sources[reading.source] = nil
      return
    }
    guard known != nil || sources.count < Self.maximumSources else { return }
    var source = Source(percent: reading.percent, told: now, holds: known?.holds ?? 0)
    if reading.percent >= stopAt || regain > 0 {
      let own = min(Self.firstHold << UInt64(min(source.holds, 8)), Self.lastHold)
      source.hold = (regain > 0 ? min(regain, Self.longestHold) : own).after(now)
      source.holds += 1
    } else {
      source.holds = 0
    }
    sources[reading.source] = source
  }
}
