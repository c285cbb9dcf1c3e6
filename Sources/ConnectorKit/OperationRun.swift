internal import CForeignWork
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// One operation of a Swift connector: straight-line `async` code that runs only while the host is inside a turn.
///
/// It is the task executor of everything the author's code awaits. Jobs collect in its queue and are drained on
/// the thread that called `begin` or `resume`; between turns the suspended tasks are all there is.
@_spi(Testing) public final class OperationRun: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    /// Index of the next job; `jobs` is emptied when it reaches the end.
    var nextJob = 0
    /// Here once, and not in every frame of the author's code that holds the context.
    var start: OperationStart?
    var waiters: [(effect: UInt64, continuation: Waiter)] = []
    /// Results whose waiters have been resumed and have not run yet.
    var results: [(effect: UInt64, kind: Event.Kind)] = []
    /// Nil between turns.
    var thread: pthread_t?
    var foreignEnqueue = false
    var isCancelled = false
    var ending: Ending?
    var hasEnded = false
    var cleanUps: [@Sendable () async throws -> Void] = []
    var task: Task<Void, Never>?
  }

  private enum Ending {
    case complete([UInt8])
    case fail(OperationError)
  }

  typealias Waiter = CheckedContinuation<Void, any Error>

  private let state = Mutex(State())
  // Written at the start and the end of each turn by the thread inside it, read only by that thread (`inTurn`
  // proves it), so no two threads ever touch it at once.
  nonisolated(unsafe) private var outlet: (any Outlet)?

  let configuration: ConnectorConfiguration

  @_spi(Testing) public init(_ configuration: ConnectorConfiguration) { self.configuration = configuration }

  // MARK: Turns

  /// Runs the first turn.
  @_spi(Testing) public func begin(_ operation: Operation, _ start: OperationStart, _ outlet: any Outlet) {
    state.withLock { $0.start = start }
    turn(outlet) {
      let task = Task(executorPreference: self) { await self.run(operation) }
      state.withLock { $0.task = task }
    }
  }

  /// Delivers results and runs the next turn.
  @_spi(Testing) public func resume(_ events: [Event], _ outlet: any Outlet) {
    turn(outlet) {
      for event in events {
        if case .cancel = event.kind {
          cancel()
        } else {
          takeWaiter(of: event.effect, for: event.kind)?.resume()
        }
      }
    }
  }

  /// Ends the operation wherever it stands: waiters are resumed with `CancellationError` and run to their end.
  ///
  /// What has not ended after 10,000 jobs is left where it is, about 1.4 KB each.
  @_spi(Testing) public func end() {
    let wasFinished = state.withLock { state in
      state.isCancelled = true
      state.hasEnded = true
      state.cleanUps = []
      return state.ending != nil
    }
    if wasFinished { return }
    state.withLock { $0.thread = pthread_self() }
    state.withLock { $0.task }?.cancel()
    for waiter in takeAllWaiters() { waiter.resume(throwing: CancellationError()) }
    drain(atMost: 10_000)
    let finished = state.withLock { state in
      state.thread = nil
      return state.ending != nil
    }
    // A task that still waits for something else may come back: its executor must be there.
    if !finished { _ = unsafe Unmanaged.passRetained(self) }
  }

  private func turn(_ outlet: any Outlet, _ body: () -> Void) {
    state.withLock { $0.thread = pthread_self() }
    unsafe self.outlet = outlet
    foreign_work_enter()
    body()
    drain(atMost: .max)
    runCleanUps()
    let noticed = foreign_work_leave()
    settle(outlet, noticed: noticed)
    unsafe self.outlet = nil
    state.withLock { $0.thread = nil }
  }

  /// Pushes the terminal, or the reason why there will never be one.
  private func settle(_ outlet: any Outlet, noticed: UInt32) {
    let (ending, isStalled, foreignEnqueue) = state.withLock { state in
      guard !state.hasEnded else { return (nil as Ending?, false, false) }
      let isStalled = state.ending == nil && state.waiters.isEmpty
      if state.ending != nil || isStalled || noticed != 0 || state.foreignEnqueue { state.hasEnded = true }
      return (state.ending, isStalled, state.foreignEnqueue)
    }
    if let cause = ForeignWork.cause(noticed: noticed, foreignEnqueue: foreignEnqueue, isStalled: isStalled) {
      return outlet.fail(cause)
    }
    switch ending {
    case .complete(let json): outlet.complete(json)
    case .fail(let error): outlet.fail(error)
    case nil: break
    }
  }

  private func run(_ operation: Operation) async {
    do {
      finish(.success(try await operation.body(OperationContext(run: self))))
    } catch {
      finish(.failure(error))
    }
  }

  @inline(never) private func finish(_ result: Result<[UInt8], any Error>) {
    let ending: Ending =
      switch result {
      case .success(let json): .complete(json)
      case .failure(let error): .fail(Failure.of(error))
      }
    state.withLock { $0.ending = ending }
  }

  // MARK: Cancellation

  private func cancel() {
    let task = state.withLock { state in
      state.isCancelled = true
      return state.task
    }
    task?.cancel()
    for waiter in takeAllWaiters() { waiter.resume(throwing: CancellationError()) }
  }

  /// After a cancelled operation has unwound, runs what it registered, newest first.
  private func runCleanUps() {
    let (cleanUps, ending) = state.withLock { state in
      guard state.isCancelled, let ending = state.ending, !state.cleanUps.isEmpty else {
        return ([] as [@Sendable () async throws -> Void], nil as Ending?)
      }
      defer {
        state.cleanUps = []
        state.ending = nil
      }
      return (state.cleanUps, ending)
    }
    guard let ending else { return }
    let task = Task(executorPreference: self) {
      for cleanUp in cleanUps.reversed() { try? await cleanUp() }
      self.state.withLock { $0.ending = ending }
    }
    state.withLock { $0.task = task }
    drain(atMost: .max)
  }

  func addCleanUp(_ cleanUp: @escaping @Sendable () async throws -> Void) {
    state.withLock { $0.cleanUps.append(cleanUp) }
  }

  // MARK: Effects

  /// The way to the host, for code that runs inside this operation's turn.
  ///
  /// - Throws: `OperationError` with code `protocol` on any other thread or between turns.
  func inTurn() throws(OperationError) -> any Outlet {
    let isInside = state.withLock { state in
      state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
    }
    guard isInside, let outlet = unsafe outlet else { throw ForeignWork.calledFromOutside }
    return outlet
  }

  /// What the host asked for, without the input once that is taken.
  var start: OperationStart? { state.withLock { $0.start } }

  /// The input, which is kept no longer than until it is decoded.
  func takeInput() -> Payload {
    state.withLock { state in
      defer { state.start?.input = .json([]) }
      return state.start?.input ?? .json([])
    }
  }

  /// Suspends until the event of an effect that was pushed before.
  func wait(for id: UInt64) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        state.withLock { state in state.waiters.append((id, continuation)) }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  func takeResult(of effect: UInt64) -> Event.Kind? {
    state.withLock { state in
      state.results.firstIndex { $0.effect == effect }.map { state.results.remove(at: $0).kind }
    }
  }

  private func giveUp(_ id: UInt64) {
    guard let waiter = takeWaiter(of: id) else { return }
    (try? inTurn())?.cancelEffect(id)
    waiter.resume(throwing: CancellationError())
  }

  private func takeWaiter(of effect: UInt64, for result: Event.Kind? = nil) -> Waiter? {
    state.withLock { state in
      guard let index = state.waiters.firstIndex(where: { $0.effect == effect }) else { return nil }
      if let result { state.results.append((effect, result)) }
      return state.waiters.remove(at: index).continuation
    }
  }

  private func takeAllWaiters() -> [Waiter] {
    state.withLock { state in
      defer { state.waiters = [] }
      return state.waiters.map { $0.continuation }
    }
  }

  // MARK: Executor

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { state in
      let isInside = state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
      if !isInside { state.foreignEnqueue = true }
      state.jobs.append(job)
    }
  }

  private func drain(atMost limit: Int) {
    var left = limit
    while left > 0, let job = nextJob() {
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      left -= 1
    }
  }

  private func nextJob() -> UnownedJob? {
    state.withLock { state in
      guard state.nextJob < state.jobs.count else {
        state.jobs.removeAll(keepingCapacity: true)
        state.nextJob = 0
        return nil
      }
      defer { state.nextJob += 1 }
      return state.jobs[state.nextJob]
    }
  }
}
