/// The means to end an operation early; both do nothing once it has ended.
package struct OperationHandle: Sendable {
  static let none = OperationHandle(cancel: {}, suspend: {})

  private let cancelOperation: @Sendable () -> Void
  private let suspendOperation: @Sendable () -> Void

  init(cancel: @escaping @Sendable () -> Void, suspend: @escaping @Sendable () -> Void) {
    cancelOperation = cancel
    suspendOperation = suspend
  }

  /// Somebody does not want it any more: gives up what is under way and lets the connector clean up.
  package func cancel() { cancelOperation() }

  /// The host stops: no further turn begins, reads and timers are dropped, a write that was sent is waited for, and
  /// what must be is stored.
  ///
  /// How long the write takes is up to its platform. A host that cannot wait for the report may leave without it:
  /// the write's outcome is unknown then.
  package func suspend() { suspendOperation() }
}
