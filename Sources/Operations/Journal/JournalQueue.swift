internal import ConnectorModel

/// What of an operation has to be stored, and what waits for it.
///
/// One append is under way at a time and takes everything that has come up, so that what is stored is always a
/// prefix of what happened.
struct JournalQueue {
  /// What goes on once an append is stored.
  enum Follower: Equatable {
    case perform(UInt64)
    case deliver(Event)
  }

  /// Turns wait here without being stored until something needs them.
  private var entries: [JournalEntry]
  private var followers: [Follower] = []
  /// Nil when no append is under way.
  private var underWay: [Follower]?
  private var isNeeded = false
  /// A write was intended, by this process or an earlier one: the operation is on record.
  private(set) var hasIntent: Bool

  /// - Parameter start: nil for an operation that is on record already.
  init(start: JournalStart?) {
    entries = start.map { [.start($0)] } ?? []
    hasIntent = start == nil
  }

  var isStored: Bool { underWay == nil && entries.isEmpty }

  mutating func note(_ turn: JournalTurn) { entries.append(.turn(turn)) }

  mutating func intend(_ intent: JournalIntent) {
    hasIntent = true
    isNeeded = true
    entries.append(.intent(intent))
    followers.append(.perform(intent.effect))
  }

  mutating func settle(_ result: JournalResult) {
    isNeeded = true
    entries.append(.result(result))
    followers.append(.deliver(result.event))
  }

  /// Takes an intent back: the write was not performed.
  mutating func postpone(_ effect: UInt64, until: UInt64) {
    isNeeded = true
    entries.append(.deferred(JournalDeferral(effect: effect, until: until)))
    followers.removeAll { $0 == .perform(effect) }
  }

  /// Has everything stored that there is.
  mutating func storeAll() { isNeeded = isNeeded || !entries.isEmpty }

  /// The next append, nil while one is under way or nothing is needed.
  mutating func next() -> [JournalEntry]? {
    guard underWay == nil, isNeeded else { return nil }
    defer {
      entries = []
      followers = []
      isNeeded = false
    }
    underWay = followers
    return entries
  }

  /// The append is stored.
  mutating func stored() -> [Follower] {
    defer { underWay = nil }
    return underWay ?? []
  }
}
