internal import ConnectorModel
internal import Jobs
internal import Manifest
internal import Ports

/// Decides when a stream is read, what part of it, and what becomes of it after a run.
///
/// docs/states.md draws its states.
struct SyncMachine: Sendable, Equatable {
  enum Ending: Sendable, Equatable {
    case succeeded(cursor: String?)
    case failed(OperationError)
    /// The host stops, or its connection pauses: no verdict on the stream.
    case interrupted
  }

  /// The first run of a stream comes at most so long after it is known.
  static let firstDelay = Duration.seconds(60)
  static let firstBackoff = Duration.seconds(60)
  /// After a limit that does not say until when.
  static let limitWait = Duration.seconds(60)
  /// However long a platform asks to be left alone.
  static let longestWait = Duration.seconds(24 * 3600)

  var every: Duration
  var lookback: Duration

  init(every: Duration, lookback: Duration? = nil) {
    self.every = max(every, .seconds(1))
    self.lookback = lookback ?? .zero
  }

  init(_ declaration: Manifest.SyncDeclaration) {
    self.init(every: declaration.every, lookback: declaration.lookback)
  }

  /// A stream that was never read.
  func first(_ owner: SyncOwner, connector: String, stream: String, now: UInt64) -> SyncState {
    let key = SyncKey(connection: owner.connection, stream: stream)
    let most = min(Self.firstDelay, every).nanosecondsClamped
    let delay = Duration.nanoseconds(Int64(clamping: key.spread % max(1, most)))
    return SyncState(
      tenant: owner.tenant, connection: owner.connection, connector: connector, stream: stream,
      nextDue: delay.after(now))
  }

  /// A run begins, or the one that did not end well goes on: its cursor belongs to its window.
  func begun(_ state: SyncState, now: UInt64) -> SyncState {
    var state = state
    state.window =
      state.window ?? SyncState.Window(since: state.coveredUntil.map { lookback.before($0) }, until: now)
    state.lastStarted = now
    state.runs += 1
    state.runRecords = 0
    return state
  }

  /// - Parameter hasMoved: a checkpoint of this run is stored.
  func ended(_ state: SyncState, _ ending: Ending, hasMoved: Bool, now: UInt64) -> SyncState {
    switch ending {
    case .succeeded(let cursor): succeeded(state, cursor, now)
    case .interrupted: due(state, at: now)
    // So much to read that one operation's time is not enough.
    case .failed(let error) where error.code == .timeout && hasMoved: due(state, at: now)
    case .failed(let error): failed(state, error, now)
    }
  }

  private func succeeded(_ state: SyncState, _ cursor: String?, _ now: UInt64) -> SyncState {
    var state = state
    let covered = state.window?.until ?? now
    state.cursor = cursor
    state.window = nil
    state.coveredUntil = covered
    state.lastSucceeded = now
    state.failures = 0
    state.failure = nil
    state.nextDue = max(now, turn(of: SyncKey(state), after: covered))
    return state
  }

  private func due(_ state: SyncState, at time: UInt64) -> SyncState {
    var state = state
    state.nextDue = time
    return state
  }

  private func failed(_ state: SyncState, _ error: OperationError, _ now: UInt64) -> SyncState {
    var state = state
    state.failure = SyncState.Failure(code: error.code.name, message: error.message)
    if FailureClass(error) == .rateLimited {
      state.nextDue = wait(error).after(now)
    } else {
      state.failures += 1
      state.nextDue = backoff(state.failures).after(now)
    }
    return state
  }

  private func wait(_ error: OperationError) -> Duration {
    guard case .after(let wait) = error.retry else { return Self.limitWait }
    return min(max(wait, .seconds(1)), Self.longestWait)
  }

  private func backoff(_ failures: Int) -> Duration {
    var pause = min(Self.firstBackoff, every)
    for _ in 1..<max(2, failures) where failures > 1 && pause < every { pause *= 2 }
    return min(pause, every)
  }

  /// The first of the stream's own turns, one `every`, that comes at least half of that later: connections are
  /// spread over it by their ids, and stay where they are.
  private func turn(of key: SyncKey, after time: UInt64) -> UInt64 {
    let every = every.nanosecondsClamped
    let (earliest, overflow) = time.addingReportingOverflow(every / 2)
    guard !overflow else { return .max }
    let phase = key.spread % every
    let past = (earliest % every + every - phase) % every
    return past == 0 ? earliest : (every - past).after(earliest)
  }
}

extension Duration {
  /// This long before a time in nanoseconds; 0 instead of an underflow.
  fileprivate func before(_ nanoseconds: UInt64) -> UInt64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(nanosecondsClamped)
    return overflow ? 0 : difference
  }
}

extension UInt64 {
  /// As a count of nanoseconds.
  fileprivate func after(_ nanoseconds: UInt64) -> UInt64 {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(self)
    return overflow ? .max : sum
  }
}
