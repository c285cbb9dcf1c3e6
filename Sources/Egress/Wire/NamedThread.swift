internal import ConnectorModel
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// A thread of our own, for calls that block.
final class NamedThread: Sendable {
  private let handle: pthread_t
  private let ending: Ending

  /// - Parameter name: at most 15 bytes.
  /// - Throws: `internal` when the system gives no thread.
  init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(EgressError) {
    let ending = Ending()
    var handle = pthread_t()
    // Retained once for the thread, which takes it over.
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body, ending: ending))
    let code = unsafe pthread_create(&handle, nil, threadMain, start.toOpaque())
    guard code == 0 else {
      unsafe start.release()
      throw EgressError(
        .internal, "no thread `\(name)` could be started (error \(code)); raise the limit of threads")
    }
    self.handle = handle
    self.ending = ending
  }

  deinit {
    if ending.claimJoin() { pthread_detach(handle) }
  }

  /// Suspends until the thread's work is over and the thread is gone.
  func end() async {
    await ending.wait()
    // At its last instruction by now, so this does not block.
    if ending.claimJoin() { pthread_join(handle, nil) }
  }
}

private final class Start: Sendable {
  let name: String
  let body: @Sendable () -> Void
  let ending: Ending

  init(name: String, body: @escaping @Sendable () -> Void, ending: Ending) {
    self.name = name
    self.body = body
    self.ending = ending
  }
}

/// The end of a thread, awaited by any number of tasks and joined by one.
private final class Ending: Sendable {
  private struct State {
    var isOver = false
    var isJoined = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func wait() async {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(waiter) }
        return state.isOver
      }
      if isOver { waiter.resume() }
    }
  }

  func ring() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// True for one caller.
  func claimJoin() -> Bool {
    state.withLock { state in
      defer { state.isJoined = true }
      return !state.isJoined
    }
  }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
  // Signals are for the program's other threads; a closed connection must not raise SIGPIPE here.
  var all = sigset_t()
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  nameThisThread(start.name)
  start.body()
  start.ending.ring()
  return nil
}

/// As `pthread_setname_np` does, which the Glibc module hides; a thread without a name works as well.
private func nameThisThread(_ name: String) {
  let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard file >= 0 else { return }
  let bytes = Array(name.utf8)
  _ = unsafe write(file, bytes, bytes.count)
  close(file)
}
