internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Threads with names, for work that may block: connectors' turns, libcurl, dlopen.
package enum NamedThread {
  fileprivate final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    let completion = ThreadCompletion()

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a detached thread; names are cut to the kernel's 15 bytes.
  ///
  /// Signals are left to the program's other threads. Calls `pthread_create`.
  @discardableResult
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> ThreadCompletion {
    let start = Start(name: name, body: body)
    var thread = pthread_t()
    // Retained once here, released once by the thread.
    let status = unsafe pthread_create(
      &thread, nil, runNamedThread, Unmanaged.passRetained(start).toOpaque())
    precondition(status == 0, "pthread_create failed with \(status): the process is out of threads")
    pthread_detach(thread)
    return start.completion
  }

  /// Through `/proc/thread-self/comm`: neither `prctl` nor `pthread_setname_np` is in the Glibc module.
  fileprivate static func setName(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = unsafe write(file, bytes, bytes.count)
    close(file)
  }
}

private func runNamedThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let start = unsafe Unmanaged<NamedThread.Start>.fromOpaque(context).takeRetainedValue()
  // A closed connection must not raise SIGPIPE here.
  var all = sigset_t()
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  NamedThread.setName(start.name)
  start.body()
  start.completion.settle()
  return nil
}

extension NamedThread {
  /// Runs `body` on a thread of its own and suspends until it returns.
  package static func run<Result: Sendable>(
    _ name: String, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      start(name) { continuation.resume(with: Swift.Result(catching: body)) }
    }
  }

  /// Runs `body` on a thread of its own and blocks for at most `limit`; nil when it did not return in time.
  ///
  /// A thread that overruns cannot be ended: it is left behind with whatever it holds.
  package static func run<Result: Sendable>(
    _ name: String, atMost limit: Duration, _ body: @escaping @Sendable () -> Result
  ) -> Result? {
    let outcome = Outcome<Result>()
    start(name) { outcome.settle(body()) }
    return outcome.wait(atMost: limit)
  }
}

/// A result on its way from one thread to another.
private final class Outcome<Result: Sendable>: Sendable {
  private let result = Mutex<Result?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func settle(_ value: Result) {
    result.withLock { $0 = value }
    done.signal()
  }

  func wait(atMost limit: Duration) -> Result? {
    let nanoseconds = Int(clamping: limit.nanosecondsClamped)
    guard done.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else { return nil }
    return result.withLock { $0 }
  }
}
