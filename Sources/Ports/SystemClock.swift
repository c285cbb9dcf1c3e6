internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The machine's clock.
///
/// Timers ride on the concurrency runtime, so no thread waits for them.
package struct SystemClock: HostClock {
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
    let task = Task {
      try? await Task.sleep(for: delay)
      if !Task.isCancelled { fire() }
    }
    return Cancellation { task.cancel() }
  }
}
