internal import Glibc
internal import Synchronization

/// Runs foreign code on a thread of its own, never on the cooperative pool, and waits a bounded time for it.
enum NamedThread {
  /// Calls `body` on a fresh thread and returns its result; nil when it did not return within `seconds`.
  ///
  /// A thread that overruns cannot be ended: it is left behind with whatever it holds.
  static func run<Result: Sendable>(
    _ name: String, seconds: Int, _ body: @escaping @Sendable () -> Result
  ) -> Result? {
    let outcome = Outcome<Result>()
    let errand = Errand {
      tell(kernel: name)
      outcome.settle(body())
    }
    guard errand.start() else { return nil }
    return outcome.wait(seconds: seconds)
  }

  /// Names the calling thread; glibc's `pthread_setname_np` is not in the Glibc module.
  private static func tell(kernel name: String) {
    guard let file = unsafe fopen("/proc/thread-self/comm", "w") else { return }
    unsafe fputs(String(name.prefix(15)), file)
    unsafe fclose(file)
  }
}

/// What a thread is started for; retained by the thread until it has run.
private final class Errand: Sendable {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// Calls `pthread_create` and `pthread_detach`; false when the system has no thread left.
  func start() -> Bool {
    let context = unsafe Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().body()
        }
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      unsafe context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}

/// A result on its way from one thread to another.
private final class Outcome<Result: Sendable>: Sendable {
  private let result = Mutex<Result?>(nil)
  private let done = Semaphore()

  func settle(_ value: Result) {
    result.withLock { $0 = value }
    done.signal()
  }

  func wait(seconds: Int) -> Result? {
    done.wait(seconds: seconds) ? result.withLock { $0 } : nil
  }
}

/// Owns a `sem_t`.
///
/// `@unchecked`: POSIX semaphores are made to be used from several threads.
@safe private final class Semaphore: @unchecked Sendable {
  private let handle: UnsafeMutablePointer<sem_t>

  init() {
    unsafe handle = .allocate(capacity: 1)
    unsafe sem_init(handle, 0, 0)
  }

  deinit {
    unsafe sem_destroy(handle)
    unsafe handle.deallocate()
  }

  func signal() { unsafe sem_post(handle) }

  /// Calls `sem_timedwait`; false when the time is over.
  func wait(seconds: Int) -> Bool {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    while true {
      if unsafe sem_timedwait(handle, &deadline) == 0 { return true }
      if errno != EINTR { return false }
    }
  }
}
