/// The host's one clock: what connectors see, what deadlines and waits are measured on.
///
/// Virtual in tests.
package protocol HostClock: Sendable {
  /// Nanoseconds since 1970.
  var unixNanoseconds: UInt64 { get }

  /// Calls `fire` once after `delay`, never inline, on a thread of the clock's choosing that must not be blocked.
  func schedule(after delay: Duration, _ fire: @escaping @Sendable () -> Void) -> Cancellation
}

/// Gives up something under way.
///
/// Cancelling twice, or after the end, does nothing.
package struct Cancellation: Sendable {
  private let action: @Sendable () -> Void

  package init(_ action: @escaping @Sendable () -> Void) { self.action = action }

  package func cancel() { action() }

  /// For what cannot be given up any more.
  package static let none = Cancellation {}
}

extension HostClock {
  /// Suspends for `duration` on this clock.
  ///
  /// - Throws: `CancellationError` at once when the task is cancelled.
  package func sleep(for duration: Duration) async throws {
    let alarm = Alarm()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        alarm.set(continuation) { schedule(after: duration) { alarm.ring() } }
      }
    } onCancel: {
      alarm.ring()
    }
    try Task.checkCancellation()
  }
}
