internal import Synchronization

/// Through which the dispatcher tells a running attempt what it wants of it.
package final class AttemptControl: Sendable {
  package enum Order: Sendable, Hashable, CaseIterable {
    /// Somebody wants the job to end: clean up, and say how it ended.
    case cancel
    /// The host stops: end at the next point from which the journal can go on, with ``AttemptOutcome/Ending/suspended``.
    case suspend
    /// The lease is lost: store nothing any more, send no further write, end with ``AttemptOutcome/Ending/fenced``.
    case stopStoring
  }

  private struct State {
    /// In the order they came, each once.
    var orders: [Order] = []
    var hear: (@Sendable (Order) -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  /// Calls `hear` for each order, also for those that came before; it must not block.
  package func onOrder(_ hear: @escaping @Sendable (Order) -> Void) {
    let earlier = state.withLock { state in
      state.hear = hear
      return state.orders
    }
    for order in earlier { hear(order) }
  }

  package func has(_ order: Order) -> Bool { state.withLock { $0.orders.contains(order) } }

  /// For the dispatcher, and for tests of runners.
  package func give(_ order: Order) {
    let hear = state.withLock { state -> (@Sendable (Order) -> Void)? in
      guard !state.orders.contains(order) else { return nil }
      state.orders.append(order)
      return state.hear
    }
    hear?(order)
  }

  /// The attempt has returned: nobody listens any more.
  func close() { state.withLock { $0.hear = nil } }
}
