#if canImport(Glibc)
  internal import Glibc
#endif

/// The machine's clock.
///
/// Timers fire on one thread for the whole process, `patchbay-clock`.
package struct SystemClock: HostClock {
  private static let timers = TimerThread()

  package init() {}

  /// Calls `clock_gettime(CLOCK_REALTIME)`.
  package var unixNanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  package func schedule(
    after delay: Duration, _ fire: @escaping @Sendable () -> Void
  ) -> Cancellation {
    Self.timers.schedule(after: delay, fire)
  }
}
