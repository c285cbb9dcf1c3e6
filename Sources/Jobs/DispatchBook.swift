internal import ConnectorModel
internal import Ports

/// The leases that this dispatcher holds, and how far it is with stopping.
///
/// A value without I/O: the dispatcher tells it what happened and does what it answers. docs/states.md draws its
/// states.
struct DispatchBook {
  /// What the dispatcher's loop is to do.
  enum Step: Equatable {
    /// Look at the queue, and claim at most so many.
    case look(capacity: Int)
    case wait(until: UInt64)
    /// Give leases back whose attempts will not start any more.
    case giveBack([LeaseToken])
    /// Tell these attempts to suspend.
    case suspend([LeaseToken])
    case close
  }

  /// A lease and what is known of its attempt.
  struct Entry {
    var lease: Lease
    let control: AttemptControl
    var stage: Stage
    var isFenced = false
    var isCancelled = false
  }

  enum Stage { case behind, running, settling }

  private enum Phase: Equatable {
    case working
    case draining(until: UInt64)
    case suspended(until: UInt64)
    case closed
  }

  private let settings: DispatcherSettings
  private var phase = Phase.working
  private(set) var entries: [LeaseToken: Entry] = [:]
  /// By connection: the attempt whose runner has not returned.
  private var running: [String: LeaseToken] = [:]
  /// By connection, in the order they came.
  private var behind: [String: [LeaseToken]] = [:]
  /// While a claim is under way: jobs that somebody cancelled and that may be among the claimed.
  private var cancelledMeanwhile: Set<String>?
  private var pausedUntil: UInt64 = 0
  private var storeFailures = 0
  var random: SplitMix64

  init(settings: DispatcherSettings, seed: UInt64) {
    self.settings = settings
    random = SplitMix64(seed: seed)
  }

  var isClosed: Bool { phase == .closed }
  private(set) var isAtWork = false

  /// - Returns: false when it has begun before, or was stopped before it began.
  mutating func beginWork() -> Bool {
    guard !isAtWork, phase == .working else { return false }
    isAtWork = true
    return true
  }

  // MARK: The loop

  mutating func nextStep(now: UInt64) -> Step {
    switch phase {
    case .working:
      // A clock that was set back would keep it from looking for as long.
      pausedUntil = min(pausedUntil, settings.longestStoreDelay.after(now))
      return now < pausedUntil
        ? .wait(until: pausedUntil) : .look(capacity: settings.concurrency - entries.count)
    case .draining(let until):
      if entries.isEmpty { return close() }
      if let behind = takeBehind() { return .giveBack(behind) }
      if now < until { return .wait(until: until) }
      phase = .suspended(until: settings.suspendGrace.after(now))
      return .suspend(entries.values.filter { $0.stage == .running }.map(\.lease.token))
    case .suspended(let until):
      if let behind = takeBehind() { return .giveBack(behind) }
      return entries.isEmpty || now >= until ? close() : .wait(until: until)
    case .closed: return .close
    }
  }

  private mutating func close() -> Step {
    phase = .closed
    return .close
  }

  /// Claims nothing any more; a second stop may only shorten the first.
  mutating func stop(at time: UInt64) {
    switch phase {
    case .working: phase = .draining(until: time)
    case .draining(let until): phase = .draining(until: min(until, time))
    case .suspended, .closed: break
    }
  }

  private mutating func takeBehind() -> [LeaseToken]? {
    defer { behind = [:] }
    let tokens = behind.values.flatMap(\.self)
    return tokens.isEmpty ? nil : tokens
  }

  /// The store did not answer a look at the queue: how long to leave it alone.
  mutating func storeFailed(now: UInt64) {
    pausedUntil = storeDelay(afterFailures: storeFailures).after(now)
    storeFailures += 1
  }

  mutating func storeAnswered() { storeFailures = 0 }

  /// Doubles with each failure, with full jitter above its half, so that many waiting attempts spread.
  mutating func storeDelay(afterFailures failures: Int) -> Duration {
    let longest = min(
      settings.firstStoreDelay * (1 << min(failures, 16)), settings.longestStoreDelay
    ).nanosecondsClamped
    return .nanoseconds(Int64(clamping: UInt64.random(in: longest / 2...longest, using: &random)))
  }

  // MARK: Claims

  mutating func claimBegins() { cancelledMeanwhile = [] }

  /// Takes what was claimed; returns what is to start now.
  mutating func take(_ leases: [Lease]) -> [Entry] {
    let cancelled = cancelledMeanwhile ?? []
    cancelledMeanwhile = nil
    guard phase != .closed else { return [] }
    return leases.compactMap { lease in
      let connection = lease.job.connection
      var entry = Entry(lease: lease, control: AttemptControl(), stage: .running)
      if running[connection] == nil, phase == .working {
        running[connection] = lease.token
      } else {
        // The store knows of no other attempt of this connection, but ours has not come back from it.
        entry.stage = .behind
        behind[connection, default: []].append(lease.token)
      }
      entry.isCancelled = lease.isCancelled || cancelled.contains(lease.job.id)
      entries[lease.token] = entry
      return entry.stage == .running ? entry : nil
    }
  }

  // MARK: Attempts

  /// The runner came back, or will never be called: the attempt is to be settled.
  ///
  /// - Returns: what may start now; nil when the entry is gone.
  mutating func returned(_ token: LeaseToken) -> (entry: Entry, next: Entry?)? {
    guard var entry = entries[token] else { return nil }
    let connection = entry.lease.job.connection
    entry.stage = .settling
    entries[token] = entry
    leaveQueue(token, of: connection)
    guard running[connection] == token else { return (entry, nil) }
    running[connection] = nil
    return (entry, startNext(of: connection))
  }

  private mutating func startNext(of connection: String) -> Entry? {
    // While the host stops, those behind wait to be given back.
    guard phase == .working else { return nil }
    guard let token = behind[connection]?.first, var entry = entries[token] else { return nil }
    leaveQueue(token, of: connection)
    entry.stage = .running
    entries[token] = entry
    running[connection] = token
    return entry
  }

  private mutating func leaveQueue(_ token: LeaseToken, of connection: String) {
    behind[connection]?.removeAll { $0 == token }
    if behind[connection]?.isEmpty == true { behind[connection] = nil }
  }

  /// Whether the attempt may still be settled.
  func maySettle(_ token: LeaseToken) -> Bool { phase != .closed && entries[token]?.isFenced == false }

  mutating func forget(_ token: LeaseToken) { entries[token] = nil }

  /// The host's grace is over: nothing is settled any more.
  ///
  /// - Returns: the jobs whose leases are left to run out.
  mutating func closeAndTakeRest() -> [Job] {
    phase = .closed
    defer { entries = [:] }
    return entries.values.filter { !$0.isFenced }.map(\.lease.job)
  }

  // MARK: Leases

  /// Those to renew.
  var held: [LeaseToken] { entries.values.filter { !$0.isFenced }.map(\.lease.token) }

  /// A lease ran out while the store did not answer: renew before a claim gives its job to ourselves again.
  func hasOverdue(now: UInt64) -> Bool {
    entries.values.contains { !$0.isFenced && $0.lease.until <= now }
  }

  mutating func renewed(_ tokens: [LeaseToken], until: UInt64, lost: [LeaseToken]) -> [Entry] {
    for token in tokens { entries[token]?.lease.until = until }
    return fence(lost)
  }

  /// Gives those up that ran out without having been renewed.
  mutating func expire(now: UInt64) -> [Entry] {
    fence(entries.values.filter { $0.lease.until <= now }.map(\.lease.token))
  }

  /// An attempt that is being settled is left to the store, which knows whether it may be.
  private mutating func fence(_ tokens: [LeaseToken]) -> [Entry] {
    tokens.compactMap { token in
      guard let entry = entries[token], !entry.isFenced, entry.stage != .settling else { return nil }
      entries[token]?.isFenced = true
      if entry.stage == .behind {
        leaveQueue(token, of: entry.lease.job.connection)
        entries[token] = nil
      }
      return entry
    }
  }

  // MARK: Cancelling

  /// Somebody wants the job to end; returns whom to tell.
  mutating func cancel(_ job: String) -> [AttemptControl] {
    cancelledMeanwhile?.insert(job)
    return entries.values.filter { $0.lease.job.id == job && !$0.isCancelled }.map { entry in
      entries[entry.lease.token]?.isCancelled = true
      return entry.control
    }
  }
}
