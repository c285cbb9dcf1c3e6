internal import Manifest
internal import Ports
internal import Synchronization

/// Lets requests onto the wire as their buckets allow.
final class LimitGate: Sendable {
  enum Entry: Sendable {
    case admitted(Limiter.Permit)
    case cancelled
    /// Not waited out: the wait would be longer than the bound.
    case refused(Limiter.Refusal)
    /// Still waiting after the bound.
    case tookTooLong
  }

  /// An end of waiting, and what was waited for.
  struct Passage: Sendable {
    var entry: Entry
    /// Nil when there was no wait.
    var reason: String?
  }

  /// What a request needs and who it is.
  struct Request: Sendable {
    var claims: [LimitClaim]
    var lane: LimitLane
    var priority: OperationScope.Priority = .publishing
    var isWrite = false
  }

  fileprivate struct Waiter {
    let continuation: CheckedContinuation<Passage, Never>
    let reason: String
    var timer: Cancellation?

    func wake(_ entry: Entry) {
      timer?.cancel()
      continuation.resume(returning: Passage(entry: entry, reason: reason))
    }
  }

  fileprivate struct State {
    var limiter = Limiter()
    var nextID: UInt64 = 1
    var waiters: [UInt64: Waiter] = [:]
    /// The timer for the limiter's next wake.
    var alarm: (at: UInt64, timer: Cancellation)?
  }

  private let clock: any HostClock
  private let state = Mutex(State())

  init(clock: any HostClock) { self.clock = clock }

  /// Waits until every claim is granted, at most for `bound`; a wait that is known to be longer is refused at once.
  ///
  /// What is admitted must be returned with `leave`.
  func enter(_ request: Request, within bound: Duration) async -> Passage {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in lieDown(id, request, waiter, bound) }
    } onCancel: {
      giveUp(id, as: .cancelled)
    }
  }

  /// Returns what an exchange held.
  func leave(_ permit: Limiter.Permit, _ ending: LimitEnding) {
    change { limiter, now in limiter.leave(permit, ending, now: now) }
  }

  /// What every bucket in use knows.
  func states(now: UInt64) -> [BucketState] { state.withLock { $0.limiter.states(now: now) } }

  /// What was sent under rates with long windows and still counts.
  func rateCounts(now: UInt64) -> [RateCount] { state.withLock { $0.limiter.rateCounts(now: now) } }

  /// Goes on from what another one knew.
  func take(_ counts: [RateCount], declared: [String: Limits.Bucket], now: UInt64) {
    state.withLock { $0.limiter.take(counts, declared: declared, now: now) }
  }

  private func lieDown(
    _ id: UInt64, _ request: Request, _ continuation: CheckedContinuation<Passage, Never>, _ bound: Duration
  ) {
    let now = clock.unixNanoseconds
    let (verdict, woken) = state.withLock { state in
      let (verdict, released) = state.limiter.enter(
        Limiter.Request(
          id: id, claims: request.claims, lane: request.lane, priority: request.priority,
          isWrite: request.isWrite, giveUpAt: bound.after(now)), now: now)
      if case .waits(let reason) = verdict {
        state.waiters[id] = Waiter(continuation: continuation, reason: reason)
      }
      setAlarm(&state, now)
      return (verdict, state.take(released))
    }
    wake(woken)
    switch verdict {
    case .admitted(let permit):
      continuation.resume(returning: Passage(entry: .admitted(permit), reason: nil))
    case .refused(let refusal):
      continuation.resume(returning: Passage(entry: .refused(refusal), reason: refusal.reason))
    case .waits:
      // A cancellation that came before it lay down found nobody.
      guard !Task.isCancelled else { return giveUp(id, as: .cancelled) }
      let timer = clock.schedule(after: bound) { [weak self] in self?.giveUp(id, as: .tookTooLong) }
      let isWaiting = state.withLock { state in
        state.waiters[id]?.timer = timer
        return state.waiters[id] != nil
      }
      if !isWaiting { timer.cancel() }
    }
  }

  private func giveUp(_ id: UInt64, as entry: Entry) {
    let now = clock.unixNanoseconds
    let woken = state.withLock { state -> [(Waiter, Entry)] in
      guard let released = state.limiter.giveUp(id, now: now),
        let waiter = state.waiters.removeValue(forKey: id)
      else { return [] }
      setAlarm(&state, now)
      return [(waiter, entry)] + state.take(released)
    }
    wake(woken)
  }

  private func change(_ step: (inout Limiter, UInt64) -> [Limiter.Release]) {
    let now = clock.unixNanoseconds
    wake(
      state.withLock { state in
        let released = step(&state.limiter, now)
        setAlarm(&state, now)
        return state.take(released)
      })
  }

  /// Has one timer run, for the limiter's next wake.
  private func setAlarm(_ state: inout State, _ now: UInt64) {
    let next = state.limiter.nextWake
    guard next != state.alarm?.at else { return }
    state.alarm?.timer.cancel()
    state.alarm = next.map { at in
      let delay = Duration.nanoseconds(Int64(clamping: at > now ? at - now : 0))
      return (at, clock.schedule(after: delay) { [weak self] in self?.ring(at) })
    }
  }

  private func ring(_ time: UInt64) {
    let now = clock.unixNanoseconds
    let woken = state.withLock { state -> [(Waiter, Entry)] in
      // Another timer has taken its place.
      guard state.alarm?.at == time else { return [] }
      state.alarm = nil
      let released = state.limiter.tick(now: now)
      setAlarm(&state, now)
      return state.take(released)
    }
    wake(woken)
  }

  private func wake(_ woken: [(Waiter, Entry)]) {
    for (waiter, entry) in woken { waiter.wake(entry) }
  }
}

extension LimitGate.State {
  fileprivate mutating func take(_ released: [Limiter.Release]) -> [(LimitGate.Waiter, LimitGate.Entry)] {
    released.compactMap { release in
      let entry: LimitGate.Entry =
        switch release.result {
        case .admitted(let permit): .admitted(permit)
        case .refused(let refusal): .refused(refusal)
        }
      return waiters.removeValue(forKey: release.id).map { ($0, entry) }
    }
  }
}
