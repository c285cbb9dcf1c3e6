package import ConnectorModel
internal import Synchronization

/// Whether a connector may be called, and by one caller at a time if it is serial.
package final class ConnectorHealth: Sendable {
  private struct State {
    var failure: OperationError?
    var isBusy = false
    var waiting = FIFO<@Sendable () -> Void>()
    /// By number; those that have not reported.
    var operations: [UInt64: DrivenOperation] = [:]
  }

  private let isSerial: Bool
  private let state = Mutex(State())
  /// What `state` says, for a look at every turn without its lock.
  private let hasFailed = Atomic(false)

  init(isSerial: Bool) { self.isSerial = isSerial }

  /// Why the connector is not called any more; nil while it is well.
  package var failure: OperationError? {
    hasFailed.load(ordering: .acquiring) ? state.withLock { $0.failure } : nil
  }

  /// How many operations are under way.
  package var operationCount: Int { state.withLock { $0.operations.count } }

  /// Takes the connector out of service: its operations fail, and calls that wait for their turn come to nothing.
  ///
  /// - Parameter culprit: the number of the operation that did it; nil: the host.
  func fail(_ why: OperationError, because culprit: UInt64? = nil) {
    let (failure, operations, calls) = state.withLock { state in
      let failure = state.failure ?? why
      state.failure = failure
      hasFailed.store(true, ordering: .releasing)
      defer {
        state.operations = [:]
        state.waiting = FIFO()
      }
      return (failure, state.operations, state.waiting)
    }
    for operation in operations.values {
      operation.connectorFailed(failure, isOwnFault: operation.number == culprit)
    }
    // They find the failure and give up; nobody waits in line from now on.
    var waiting = calls
    while let call = waiting.popFirst() { call() }
  }

  /// Counts an operation among those that fail with the connector.
  func join(_ operation: DrivenOperation) {
    state.withLock { state in
      if state.failure == nil { state.operations[operation.number] = operation }
    }
  }

  func part(_ operation: DrivenOperation) {
    // Returned out of the lock: the last reference may go here.
    _ = state.withLock { $0.operations.removeValue(forKey: operation.number) }
  }

  /// Runs `call` now, or after the calls before it when the connector is serial.
  ///
  /// Each call must be followed by ``leave()``.
  func enter(_ call: @escaping @Sendable () -> Void) {
    guard isSerial else { return call() }
    let isFree = state.withLock { state in
      if state.failure != nil { return true }
      if state.isBusy { state.waiting.append(call) }
      defer { state.isBusy = true }
      return !state.isBusy
    }
    if isFree { call() }
  }

  /// Lets the next caller in.
  ///
  /// Does nothing once the connector has failed, so that a turn may leave both when it is given up and when it
  /// comes back after all.
  func leave() {
    guard isSerial else { return }
    let next = state.withLock { state in
      guard state.failure == nil else { return nil as (@Sendable () -> Void)? }
      let next = state.waiting.popFirst()
      state.isBusy = next != nil
      return next
    }
    next?()
  }
}
