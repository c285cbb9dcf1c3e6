internal import Synchronization

/// Whether a connector may be called, and by one caller at a time if it is serial.
package final class ConnectorHealth: Sendable {
  private struct State {
    var failure: String?
    var isBusy = false
    var waiting: [@Sendable () -> Void] = []
  }

  private let isSerial: Bool
  private let state = Mutex(State())

  init(isSerial: Bool) { self.isSerial = isSerial }

  /// Why the connector is not called any more; nil while it is well.
  package var failure: String? { state.withLock { $0.failure } }

  func fail(_ why: String) { state.withLock { $0.failure = $0.failure ?? why } }

  /// Runs `call` now, or after the calls before it when the connector is serial.
  ///
  /// Each call must be followed by ``leave()``.
  func enter(_ call: @escaping @Sendable () -> Void) {
    guard isSerial else { return call() }
    let isFree = state.withLock { state in
      if state.isBusy { state.waiting.append(call) }
      defer { state.isBusy = true }
      return !state.isBusy
    }
    if isFree { call() }
  }

  func leave() {
    guard isSerial else { return }
    let next = state.withLock { state in
      if state.waiting.isEmpty {
        state.isBusy = false
        return nil as (@Sendable () -> Void)?
      }
      return state.waiting.removeFirst()
    }
    next?()
  }
}
