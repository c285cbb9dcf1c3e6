internal import Dispatch
internal import Ports
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The named threads that connectors run on, and the watch over them.
///
/// A turn that overruns its hard budget keeps its thread; a new one takes its place, a limited number of times.
package final class TurnThreads: Sendable {
  /// The hard budget of one turn.
  package struct Budget: Sendable {
    package var cpu: Duration
    package var wall: Duration

    package init(cpu: Duration = .seconds(1), wall: Duration = .seconds(10)) {
      self.cpu = cpu
      self.wall = wall
    }
  }

  struct Job: Sendable {
    let run: @Sendable () -> Void
    /// Called on the watch's thread when the job is over its budget.
    let overran: @Sendable (String) -> Void
  }

  private struct Running {
    let job: Job
    let startedWall: ContinuousClock.Instant
    let thread: pthread_t
    let startedCPU: UInt64
  }

  private struct State {
    var jobs: [Job] = []
    var next = 0
    /// By thread number.
    var running: [Int: Running] = [:]
    /// Threads that are stuck in a turn and must leave when they come back.
    var abandoned: Set<Int> = []
    var threads = 0
    var replacements = 0
    var isStopped = false
  }

  package static let maximumReplacements = 4

  private let budget: Budget
  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let watchWakes = DispatchSemaphore(value: 0)

  /// Starts as many threads as there are cores, at most 8.
  package init(count: Int = min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))), budget: Budget = Budget()) {
    self.budget = budget
    for _ in 0..<count { startThread() }
    NamedThread.start("patchbay-watch") { [self] in watch() }
  }

  /// False when too many turns never came back.
  package var isReady: Bool { state.withLock { $0.replacements <= Self.maximumReplacements } }

  /// Ends the threads once they are idle.
  package func stop() {
    let threads = state.withLock { state in
      state.isStopped = true
      return state.threads
    }
    for _ in 0..<threads { available.signal() }
    watchWakes.signal()
  }

  func enqueue(_ job: Job) {
    state.withLock { $0.jobs.append(job) }
    available.signal()
  }

  private func startThread() {
    let number = state.withLock { state in
      state.threads += 1
      return state.threads
    }
    NamedThread.start("patchbay-turn-\(number)") { [self] in work(number) }
  }

  private func work(_ number: Int) {
    while true {
      available.wait()
      guard let job = take(number) else { return }
      job.run()
      let mustLeave = state.withLock { state in
        state.running[number] = nil
        return state.abandoned.remove(number) != nil
      }
      if mustLeave { return }
    }
  }

  private func take(_ number: Int) -> Job? {
    let (job, isFirst) = state.withLock { state in
      guard state.next < state.jobs.count else { return (nil as Job?, false) }
      let job = state.jobs[state.next]
      state.next += 1
      if state.next == state.jobs.count {
        state.jobs.removeAll(keepingCapacity: true)
        state.next = 0
      }
      let isFirst = state.running.isEmpty
      state.running[number] = Running(
        job: job, startedWall: .now, thread: pthread_self(),
        startedCPU: ThreadCPU.nanoseconds(of: pthread_self()))
      return (job, isFirst)
    }
    if isFirst { watchWakes.signal() }
    return job
  }

  // MARK: The watch

  /// Looks at the running turns every tenth of the smaller budget while there are any.
  private func watch() {
    let interval = DispatchTimeInterval.nanoseconds(Int(min(budget.cpu, budget.wall).nanosecondsInt / 10))
    while !state.withLock({ $0.isStopped }) {
      if state.withLock({ $0.running.isEmpty }) {
        watchWakes.wait()
      } else {
        _ = watchWakes.wait(timeout: .now() + interval)
      }
      for (job, reason) in takeOverruns() {
        job.overran(reason)
        let mayReplace = state.withLock { state in
          state.replacements += 1
          return state.replacements <= Self.maximumReplacements
        }
        if mayReplace { startThread() }
      }
    }
  }

  private func takeOverruns() -> [(Job, String)] {
    state.withLock { state in
      let now = ContinuousClock.now
      var overruns: [(Job, String)] = []
      for (number, running) in state.running where !state.abandoned.contains(number) {
        let cpu = ThreadCPU.nanoseconds(of: running.thread) &- running.startedCPU
        if now - running.startedWall > budget.wall {
          overruns.append((running.job, "a turn lasted longer than \(budget.wall)"))
        } else if cpu > UInt64(budget.cpu.nanosecondsInt) {
          overruns.append((running.job, "a turn used more than \(budget.cpu) of CPU time"))
        } else {
          continue
        }
        state.abandoned.insert(number)
      }
      return overruns
    }
  }
}

extension Duration {
  fileprivate var nanosecondsInt: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
