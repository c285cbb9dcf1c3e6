import Jobs
import Ports
import Synchronization
import Testing

/// A dispatcher over a queue in memory and a virtual clock.
final class DispatchStage: Sendable {
  let clock = VirtualClock(unixNanoseconds: start)
  let queue = MemoryJobQueue()
  let events: EventLog
  let runner: ScriptedRunner
  let dispatcher: JobDispatcher
  private let life = Mutex<Task<Void, Never>?>(nil)

  init(concurrency: Int = 256, _ runner: ScriptedRunner) {
    var settings = DispatcherSettings()
    settings.concurrency = concurrency
    self.runner = runner
    let events = EventLog()
    self.events = events
    dispatcher = JobDispatcher(
      queue: queue, runner: runner, clock: clock, worker: "w", machine: .sample, settings: settings, seed: 1,
      observe: { events.add($0) })
  }

  /// Begins to work in a task of its own, which a test may cancel.
  @discardableResult
  func work() -> Task<Void, Never> {
    let task = Task { [dispatcher] in await dispatcher.run() }
    life.withLock { $0 = task }
    return task
  }

  /// Moves time from timer to timer, whenever the dispatcher waits for it, until `isDone`.
  ///
  /// - Parameter lasting: attempts that do not end by themselves, during which time moves all the same.
  func live(
    lasting: Int = 0, until isDone: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    for _ in 0..<20_000 {
      repeat {
        while dispatcher.attemptsUnderWay > lasting { await Task.yield() }
        if isDone() { return }
        await clock.waitForTimers(2)
      } while dispatcher.attemptsUnderWay > lasting || clock.pendingTimers < 2
      if isDone() { return }
      clock.advanceToNextTimer()
    }
    Issue.record("still not done after 20,000 timers", sourceLocation: sourceLocation)
  }

  /// Moves time without looking who waits for it, until `isDone`.
  func rush(until isDone: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async {
    for _ in 0..<1_000_000 {
      if isDone() { return }
      clock.advanceToNextTimer()
      await Task.yield()
    }
    Issue.record("still not done", sourceLocation: sourceLocation)
  }

  /// Stops without a limit and waits for the end of ``work()``'s task.
  func end() async {
    await dispatcher.stop(within: .seconds(3600))
    await life.withLock { $0 }?.value
  }
}

/// What the dispatcher told, with somebody who waits for it.
final class EventLog: Sendable {
  private struct State {
    var events: [JobEvent] = []
    var waiters: [(matches: @Sendable (JobEvent) -> Bool, gate: Gate)] = []
  }

  private let state = Mutex(State())

  func add(_ event: JobEvent) {
    let gates = state.withLock { state in
      state.events.append(event)
      let ready = state.waiters.filter { $0.matches(event) }.map(\.gate)
      state.waiters.removeAll { $0.matches(event) }
      return ready
    }
    for gate in gates { gate.open() }
  }

  func count(_ matches: (JobEvent) -> Bool) -> Int { state.withLock { $0.events.count(where: matches) } }

  /// Suspends until such an event has come.
  func first(_ matches: @escaping @Sendable (JobEvent) -> Bool) async {
    let gate = Gate()
    let isThere = state.withLock { state in
      if state.events.contains(where: matches) { return true }
      state.waiters.append((matches, gate))
      return false
    }
    if !isThere { await gate.pass() }
  }
}

extension JobEvent {
  var isSettled: Bool { if case .settled = self { true } else { false } }
  var isLeaseLost: Bool { if case .leaseLost = self { true } else { false } }
  var isStoreFailed: Bool { if case .storeFailed = self { true } else { false } }
  var isLeftBehind: Bool { if case .leftBehind = self { true } else { false } }
  var isClaimed: Bool { if case .claimed = self { true } else { false } }
}
