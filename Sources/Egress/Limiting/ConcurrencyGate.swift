internal import Ports
internal import Synchronization

/// Lets requests onto the wire as their buckets allow.
final class ConcurrencyGate: Sendable {
  enum Entry: Sendable {
    case admitted(ConcurrencyBuckets.Permit)
    case cancelled
    /// Still waiting after the bound.
    case tookTooLong
  }

  fileprivate struct Waiter {
    let continuation: CheckedContinuation<Entry, Never>
    var timer: Cancellation?

    func wake(_ entry: Entry) {
      timer?.cancel()
      continuation.resume(returning: entry)
    }
  }

  fileprivate struct State {
    var buckets = ConcurrencyBuckets()
    var nextID: UInt64 = 1
    var waiters: [UInt64: Waiter] = [:]
  }

  private let clock: any HostClock
  private let state = Mutex(State())

  init(clock: any HostClock) { self.clock = clock }

  /// Waits until every claim is granted, at most for `bound`.
  ///
  /// What is admitted must be returned with `leave`.
  func enter(_ claims: [ConcurrencyBuckets.Claim], within bound: Duration) async -> Entry {
    guard !claims.isEmpty else { return .admitted(ConcurrencyBuckets.Permit()) }
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in lieDown(id, claims, waiter, bound) }
    } onCancel: {
      giveUp(id, as: .cancelled)
    }
  }

  /// Returns what an exchange held.
  func leave(_ permit: ConcurrencyBuckets.Permit, _ pace: ConcurrencyBuckets.Pace) {
    wake(
      state.withLock { state in
        let admitted = state.buckets.leave(permit, pace)
        return state.take(admitted)
      })
  }

  private func lieDown(
    _ id: UInt64, _ claims: [ConcurrencyBuckets.Claim], _ continuation: CheckedContinuation<Entry, Never>,
    _ bound: Duration
  ) {
    let permit = state.withLock { state in
      let permit = state.buckets.enter(id, claims)
      if permit == nil { state.waiters[id] = Waiter(continuation: continuation) }
      return permit
    }
    if let permit {
      continuation.resume(returning: .admitted(permit))
    } else if Task.isCancelled {
      giveUp(id, as: .cancelled)
    } else {
      let timer = clock.schedule(after: bound) { [weak self] in self?.giveUp(id, as: .tookTooLong) }
      let isWaiting = state.withLock { state in
        state.waiters[id]?.timer = timer
        return state.waiters[id] != nil
      }
      if !isWaiting { timer.cancel() }
    }
  }

  private func giveUp(_ id: UInt64, as entry: Entry) {
    let woken = state.withLock { state -> [(Waiter, Entry)] in
      guard let admitted = state.buckets.giveUp(id), let waiter = state.waiters.removeValue(forKey: id) else {
        return []
      }
      return [(waiter, entry)] + state.take(admitted)
    }
    wake(woken)
  }

  private func wake(_ woken: [(Waiter, Entry)]) {
    for (waiter, entry) in woken { waiter.wake(entry) }
  }
}

extension ConcurrencyGate.State {
  fileprivate mutating func take(
    _ admitted: [ConcurrencyBuckets.Admission]
  ) -> [(ConcurrencyGate.Waiter, ConcurrencyGate.Entry)] {
    admitted.compactMap { admission in
      waiters.removeValue(forKey: admission.id).map { ($0, .admitted(admission.permit)) }
    }
  }
}
