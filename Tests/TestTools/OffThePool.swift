internal import Dispatch
internal import Glibc
internal import Ports
internal import Synchronization
package import Testing

/// Runs tests on plain threads, as many as are needed.
///
/// The cooperative pool has few threads, and what is tested may need them while a test waits for a child process, a
/// compiler or a socket.
package struct OffThePool: TestTrait, SuiteTrait, TestScoping {
  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(PlainThreads.shared) { try await function() }
  }
}

extension Trait where Self == OffThePool {
  package static var offThePool: Self { OffThePool() }
}

/// Threads that may block: there is always one more.
private final class PlainThreads: TaskExecutor {
  static let shared = PlainThreads()

  private struct State {
    var jobs: [UnownedJob] = []
    /// Threads that wait for a job.
    var idle = 0
  }

  private let state = Mutex(State())
  private let isWork = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isTaken = state.withLock { state in
      state.jobs.append(job)
      return state.jobs.count <= state.idle
    }
    if isTaken { isWork.signal() } else { NamedThread.start("patchbay-tests") { [self] in work() } }
  }

  private func work() {
    // Threads of this project leave signals to others; children of a test would inherit that.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    while true {
      while let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      }
      state.withLock { $0.idle += 1 }
      _ = isWork.wait(timeout: .now() + .seconds(1))
      let isOver = state.withLock { state in
        state.idle -= 1
        return state.jobs.isEmpty
      }
      if isOver { return }
    }
  }
}
