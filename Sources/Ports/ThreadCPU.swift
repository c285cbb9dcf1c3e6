#if canImport(Glibc)
  package import Glibc
#endif

/// CPU time of threads.
package enum ThreadCPU {
  /// Of the calling thread.
  ///
  /// Calls `clock_gettime(CLOCK_THREAD_CPUTIME_ID)`.
  package static var nanoseconds: UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// Of a thread that has not ended; 0 when it cannot be told.
  ///
  /// Calls `pthread_getcpuclockid`.
  package static func nanoseconds(of thread: pthread_t) -> UInt64 {
    var clock = clockid_t()
    guard unsafe pthread_getcpuclockid(thread, &clock) == 0 else { return 0 }
    return read(clock)
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0 else { return 0 }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
