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
    /// Called on the clock's thread when the job is over its budget.
    let overran: @Sendable (String) -> Void
  }

  private struct Running {
    let job: Job
    let thread: pthread_t
    let startedWall: ContinuousClock.Instant
    /// Taken by the watch: asking the kernel at the start of each turn would cost more than a small turn.
    var cpuAtFirstLook: UInt64?
  }

  private struct State {
    var jobs = FIFO<Job>()
    /// By thread number, without those over their budget.
    var running: [Int: Running] = [:]
    /// Threads that others have replaced and that must leave when they come back.
    var replaced: Set<Int> = []
    var threads = 0
    /// Threads that wait for a signal.
    var idle = 0
    var overruns = 0
    /// No look is due: the first job asks for one.
    var watchIsParked = true
    var isStopped = false
  }

  package static let maximumReplacements = 4

  private let budget: Budget
  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let clock = SystemClock()

  /// Starts as many threads as there are cores, at most 8.
  package init(count: Int = min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))), budget: Budget = Budget()) {
    self.budget = budget
    for _ in 0..<count { startThread() }
  }

  /// False when too many turns never came back.
  package var isReady: Bool { state.withLock { $0.overruns <= Self.maximumReplacements } }

  /// Ends the threads once they are idle; jobs that come later are refused.
  package func stop() {
    let idle = state.withLock { state in
      state.isStopped = true
      defer { state.idle = 0 }
      return state.idle
    }
    for _ in 0..<idle { available.signal() }
  }

  /// Lines the job up.
  ///
  /// - Returns: false when the threads are stopped and the job will never run.
  func enqueue(_ job: Job) -> Bool {
    let (isTaken, mustWake) = state.withLock { state in
      if state.isStopped { return (false, false) }
      state.jobs.append(job)
      guard state.idle > 0 else { return (true, false) }
      state.idle -= 1
      return (true, true)
    }
    if mustWake { available.signal() }
    return isTaken
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
      switch next(number) {
      case .job(let job): job.run()
      case .wait: available.wait()
      case .leave: return
      }
    }
  }

  private enum Next {
    case job(Job)
    case wait
    case leave
  }

  /// Puts the last job down and takes the next: one visit to the lock a turn, which all threads share.
  private func next(_ number: Int) -> Next {
    let now = ContinuousClock.now
    let (next, mustWake, finished) = state.withLock { state in
      let finished = state.running.removeValue(forKey: number)
      if state.replaced.remove(number) != nil { return (Next.leave, false, finished) }
      guard let job = state.jobs.popFirst() else {
        if state.isStopped { return (.leave, false, finished) }
        state.idle += 1
        return (.wait, false, finished)
      }
      state.running[number] = Running(job: job, thread: pthread_self(), startedWall: now)
      defer { state.watchIsParked = false }
      return (.job(job), state.watchIsParked, finished)
    }
    if mustWake { scheduleWatch() }
    // Outside of the lock: with the job the last reference to its operation may go.
    withExtendedLifetime(finished) {}
    return next
  }

  // MARK: The watch

  /// Looks at the running turns after a tenth of the smaller budget, and so on while there are any.
  ///
  /// On the clock's thread: a thread that only waits was one thread more for each host.
  private func scheduleWatch() {
    let interval = min(budget.cpu, budget.wall) / 10
    _ = clock.schedule(after: interval) { [self] in watch() }
  }

  private func watch() {
    for overrun in takeOverruns() {
      // First, so that nobody finds a new thread and the connector still in service.
      overrun.job.overran(overrun.reason)
      if overrun.mayReplace { startThread() }
    }
    let goesOn = state.withLock { state in
      state.watchIsParked = state.running.isEmpty || state.isStopped
      return !state.watchIsParked
    }
    if goesOn { scheduleWatch() }
  }

  private struct Overrun {
    let job: Job
    let reason: String
    let mayReplace: Bool
  }

  private func takeOverruns() -> [Overrun] {
    state.withLock { state in
      var overruns: [Overrun] = []
      for number in state.running.keys.sorted() {
        guard let reason = look(at: &state.running[number]) else { continue }
        guard let running = state.running.removeValue(forKey: number) else { continue }
        state.overruns += 1
        // A thread that is not replaced goes on if it ever comes back.
        let mayReplace = state.overruns <= Self.maximumReplacements
        if mayReplace { state.replaced.insert(number) }
        overruns.append(Overrun(job: running.job, reason: reason, mayReplace: mayReplace))
      }
      return overruns
    }
  }

  /// Why the job is over its budget; nil while it is not.
  private func look(at slot: inout Running?) -> String? {
    guard let running = slot else { return nil }
    if running.startedWall.duration(to: .now) > budget.wall {
      return "a turn lasted longer than \(budget.wall.words)"
    }
    // Of a thread that has not ended: it leaves `running` under this lock first.
    let cpu = ThreadCPU.nanoseconds(of: running.thread)
    let before = running.cpuAtFirstLook ?? cpu
    slot?.cpuAtFirstLook = before
    return cpu - before > budget.cpu.nanosecondsClamped
      ? "a turn used more than \(budget.cpu.words) of CPU time" : nil
  }
}
