internal import Operations
internal import Ports

/// Which syncs run here, and which may begin.
///
/// A value without I/O. docs/states.md draws its states.
struct SyncBook {
  private struct Run {
    /// Nil until the operation has begun.
    var handle: OperationHandle?
    var order: Order?
    /// Somebody wants another run after this one.
    var isAskedAgain = false
  }

  /// What a run was told to do.
  enum Order: Sendable, Equatable {
    /// Its connection pauses or goes.
    case cancel
    /// The host stops.
    case suspend
  }

  /// However little there is to do, the store is looked at again after this.
  static let longestRest = Duration.seconds(600)

  let capacity: Int
  /// The host stops.
  private(set) var isStopping = false
  /// The store has failed: nothing begins before.
  private var restUntil: UInt64 = 0
  private var runs: [SyncKey: Run] = [:]

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var running: Set<SyncKey> { Set(runs.keys) }
  var isIdle: Bool { runs.isEmpty }

  /// Takes those that begin now, the most overdue first; none runs twice at a time.
  mutating func choose(from candidates: [SyncState], now: UInt64) -> [SyncState] {
    guard !isStopping, now >= restUntil else { return [] }
    let due = candidates.filter { $0.nextDue <= now && runs[SyncKey($0)] == nil }
      .sorted { ($0.nextDue, $0.connection, $0.stream) < ($1.nextDue, $1.connection, $1.stream) }
      .prefix(max(0, capacity - runs.count))
    for state in due { runs[SyncKey(state)] = Run() }
    return Array(due)
  }

  /// When to look again, if nothing ends or is asked for before.
  func nextLook(at candidates: [SyncState], now: UInt64) -> UInt64 {
    let latest = Self.longestRest.after(now)
    // A place that comes free rings.
    guard runs.count < capacity else { return latest }
    let due = candidates.filter { runs[SyncKey($0)] == nil }.map(\.nextDue).min() ?? latest
    return min(latest, max(due, restUntil, now))
  }

  mutating func storeFailed(now: UInt64) { restUntil = Duration.seconds(5).after(now) }

  /// The operation of a run has begun.
  ///
  /// - Returns: what it was told before.
  mutating func attach(_ handle: OperationHandle, to key: SyncKey) -> Order? {
    runs[key]?.handle = handle
    return runs[key]?.order
  }

  /// - Returns: whether somebody wants another run.
  mutating func ended(_ key: SyncKey) -> Bool { runs.removeValue(forKey: key)?.isAskedAgain ?? false }

  /// Somebody wants it read; true when it runs already, and is then read again.
  mutating func ask(for key: SyncKey) -> Bool {
    guard runs[key] != nil else { return false }
    runs[key]?.isAskedAgain = true
    return true
  }

  func order(to key: SyncKey) -> Order? { runs[key]?.order }

  mutating func cancel(connection: String) -> [OperationHandle] {
    give(.cancel) { $0.connection == connection }
  }

  mutating func stop() { isStopping = true }

  /// The host's time to drain is over.
  mutating func suspendAll() -> [OperationHandle] { give(.suspend) { _ in true } }

  private mutating func give(_ order: Order, where isMeant: (SyncKey) -> Bool) -> [OperationHandle] {
    var handles: [OperationHandle] = []
    for key in runs.keys where isMeant(key) && runs[key]?.order == nil {
      runs[key]?.order = order
      if let handle = runs[key]?.handle { handles.append(handle) }
    }
    return handles
  }
}
