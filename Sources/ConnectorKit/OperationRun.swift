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
    var jobs = ShortQueue<UnownedJob>()
    /// Here once, and not in every frame of the author's code that holds the context.
    var start: OperationStart?
    var waiters = ShortQueue<Waiter>()
    var foreignEnqueue = false
    var isCancelled = false
    var ending: Ending?
    var hasEnded = false
    var cleanUps: [@Sendable () async throws -> Void] = []
    var task: Task<Void, Never>?
  }

  private enum Ending {
    case complete([UInt8])
    // Large, and seldom there.
    indirect case fail(OperationError)
  }

  private let state = Mutex(State())
  /// The thread inside a turn, 0 between turns.
  ///
  /// A thread that finds itself here has put itself here, so a look needs no order.
  private let thread = Atomic<UInt>(0)
  // Written at the start and the end of each turn by the thread inside it, read only by that thread (`inTurn`
  // proves it), so no two threads ever touch it at once.
  nonisolated(unsafe) private var outlet: (any Outlet)?
  /// The task of the operation or of its clean-ups, while it runs: its address, 0 when there is none.
  private let ownTask = Atomic<UInt>(0)

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
    resume(outlet) { for event in events { deliver(Answer(event.kind), of: event.effect) } }
  }

  /// Runs the next turn after `deliver`, which delivers results.
  func resume(_ outlet: some Outlet, _ deliver: () -> Void) { turn(outlet, deliver) }

  /// Gives a result to whoever waits for it.
  func deliver(_ answer: Answer, of effect: UInt64) {
    if case .event(.cancel) = answer { return cancel() }
    takeWaiter(of: effect)?.resume(returning: answer)
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
    thread.store(Self.currentThread, ordering: .relaxed)
    cancelTask()
    drain(atMost: 10_000)
    thread.store(0, ordering: .relaxed)
    let finished = state.withLock { $0.ending != nil }
    // A task that still waits for something else may come back: its executor must be there.
    if !finished { _ = unsafe Unmanaged.passRetained(self) }
  }

  private func turn(_ outlet: any Outlet, _ body: () -> Void) {
    thread.store(Self.currentThread, ordering: .relaxed)
    unsafe self.outlet = outlet
    foreign_work_enter()
    body()
    drain(atMost: .max)
    runCleanUps()
    let noticed = foreign_work_leave()
    settle(outlet, noticed: noticed)
    unsafe self.outlet = nil
    thread.store(0, ordering: .relaxed)
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
    noteOwnTask()
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
    finish(ending)
  }

  private func finish(_ ending: Ending) {
    state.withLock { $0.ending = ending }
    ownTask.store(0, ordering: .relaxed)
  }

  @inline(never) private func noteOwnTask() {
    ownTask.store(Self.currentTask, ordering: .relaxed)
  }

  // MARK: Cancellation

  private func cancel() {
    state.withLock { $0.isCancelled = true }
    cancelTask()
  }

  /// Gives up what is waited for, from the operation's own task to its children, as the runtime would.
  private func cancelTask() {
    let (own, task) = state.withLock { state in (state.waiters.removeFirst(where: \.isOwn), state.task) }
    if let own { giveUp(own) }
    task?.cancel()
    // Of tasks that are no children, which should not be there.
    while let left = state.withLock({ $0.waiters.popFirst() }) { left.resume(throwing: CancellationError()) }
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
      self.noteOwnTask()
      for cleanUp in cleanUps.reversed() { try? await cleanUp() }
      self.finish(ending)
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
  ///
  /// Isolated as its caller, so that nothing asks the runtime where to go on.
  @inline(__always) nonisolated(nonsending) func answer(to id: UInt64) async throws -> Answer {
    // Nobody but this run cancels the operation's own task, and it resumes the waiters itself. The author's code
    // cancels children whenever it likes.
    if isOwnTask { return try await suspend(for: id, isOwn: true) }
    return try await suspendChild(for: id)
  }

  @inline(never) nonisolated(nonsending) private func suspendChild(for id: UInt64) async throws -> Answer {
    try await withTaskCancellationHandler {
      try await suspend(for: id, isOwn: false)
    } onCancel: {
      if let waiter = takeWaiter(of: id) { giveUp(waiter) }
    }
  }

  @inline(__always) nonisolated(nonsending) private func suspend(
    for id: UInt64, isOwn: Bool
  ) async throws -> Answer {
    try await unsafe withUnsafeThrowingContinuation { continuation in
      let waiter = unsafe Waiter(effect: id, isOwn: isOwn, continuation)
      state.withLock { $0.waiters.append(waiter) }
    }
  }

  private var isOwnTask: Bool { ownTask.load(ordering: .relaxed) == Self.currentTask }

  /// Where the task lies that runs here, which is all that `UnsafeCurrentTask` is; 1 outside of tasks.
  private static var currentTask: UInt {
    unsafe withUnsafeCurrentTask { task in
      guard let task = unsafe task else { return 1 }
      return unsafe unsafeBitCast(task, to: UInt.self)
    }
  }

  private func giveUp(_ waiter: Waiter) {
    (try? inTurn())?.cancelEffect(waiter.effect)
    waiter.resume(throwing: CancellationError())
  }

  private func takeWaiter(of effect: UInt64) -> Waiter? {
    state.withLock { state in state.waiters.removeFirst { $0.effect == effect } }
  }

  // MARK: Executor

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isInside = isInside
    state.withLock { state in
      if !isInside { state.foreignEnqueue = true }
      state.jobs.append(job)
    }
  }

  private func drain(atMost limit: Int) {
    let executor = unsafe asUnownedTaskExecutor()
    var left = limit
    while left > 0, let job = state.withLock({ $0.jobs.popFirst() }) {
      unsafe job.runSynchronously(on: executor)
      left -= 1
    }
  }

  private var isInside: Bool { thread.load(ordering: .relaxed) == Self.currentThread }

  private static var currentThread: UInt { UInt(pthread_self()) }
}
