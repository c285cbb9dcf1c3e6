internal import ConnectorModel
internal import Manifest
internal import Ports
internal import Synchronization

/// One operation under way: the machine, and what carries its decisions out.
///
/// Turns run on the turn threads, one at a time; results arrive on any thread. The machine is only touched under
/// the lock, the connector's operation only by the turn that runs.
final class DrivenOperation: Sendable {
  private struct State {
    var machine: OperationMachine
    /// Until the first turn has it.
    @Rare var start: OperationStart?
    var connectorOperation: (any StepOperation)?
    /// Few at a time, as in the machine.
    var effects: [(id: UInt64, cancellation: Cancellation)] = []
    /// Moves with waits for limits, and with the time that the host was down.
    var deadline: UInt64
    /// What the connector was told.
    let toldDeadline: UInt64
    /// How long exchanges under way have waited for limits.
    var waits: [UInt64: LimitWait] = [:]
    var deadlineTimer: Cancellation?
    var graceTimer: Cancellation?
    var isReported = false
  }

  /// Unique in this process.
  let number = DrivenOperation.count.add(1, ordering: .relaxed).newValue
  private static let count = Atomic<UInt64>(0)
  /// What Egress keeps captured secrets under.
  private var scopeName: String { "op-\(number)" }

  private let request: OperationRequest
  private let connector: HostedConnector
  private let driver: OperationDriver
  private let done: @Sendable (OperationReport) -> Void
  private let mustStop = Atomic(false)
  private let state: Mutex<State>

  init(
    _ request: OperationRequest, _ connector: HostedConnector, _ driver: OperationDriver,
    _ done: @escaping @Sendable (OperationReport) -> Void
  ) {
    self.request = request.withoutInput
    self.connector = connector
    self.driver = driver
    self.done = done
    let now = driver.clock.unixNanoseconds
    let replay = request.replay
    let deadline = replay?.deadline(at: now) ?? connector.limits.deadline.after(now)
    let start = request.start(deadline: deadline)
    let journal = request.journal.map { journal in
      JournalQueue(start: replay == nil ? JournalStart(start, library: journal.library) : nil)
    }
    let machine = OperationMachine(
      limits: connector.limits, wantsCleanup: connector.instance.wantsCleanup, seed: request.seed,
      journal: journal, replay: replay, hasSink: request.sink != nil)
    state = Mutex(
      State(machine: machine, start: start, deadline: deadline, toldDeadline: start.deadline))
  }

  func start() {
    connector.health.join(self)
    // Also looks when it has passed already.
    deadlinePassed()
    scheduleTurn()
  }

  func cancel() {
    mustStop.store(true, ordering: .relaxed)
    carryOut(state.withLock { $0.machine.cancel(.cancelled, "the operation was cancelled") })
  }

  func suspend() {
    carryOut(state.withLock { $0.machine.suspend() })
  }

  // MARK: Turns

  private func scheduleTurn() { call { self.runTurn() } }

  /// Runs `body` on a turn thread, in line with the other calls when the connector is serial.
  private func call(_ body: @escaping @Sendable () -> Void) {
    connector.health.enter { [self] in
      let job = TurnThreads.Job(
        run: {
          body()
          self.connector.health.leave()
        }, overran: { reason in self.overran(reason) })
      if driver.threads.enqueue(job) { return }
      connector.health.fail(OperationError(.internal, "the host is stopping"))
      // Finds the failure and calls nothing.
      body()
    }
  }

  private func runTurn() {
    if let failure = connector.health.failure { return connectorFailed(failure, isOwnFault: false) }
    let now = driver.clock.unixNanoseconds
    let (started, operation) = state.withLock { state in
      let shift = state.deadline > state.toldDeadline ? state.deadline - state.toldDeadline : 0
      return (state.machine.startTurn(now: now, deadlineShift: shift), state.connectorOperation)
    }
    guard let (kind, prepared) = started else { return }
    var turn = prepared
    turn.shouldStop = { self.mustStop.load(ordering: .relaxed) }
    turn.log = { [observe = request.observe] line in observe(.log(line)) }
    let record: TurnRecord
    var made = operation
    switch kind {
    case .begin:
      guard
        let start = state.withLock({ state in
          defer { state.start = nil }
          return state.start
        })
      else { return }
      (made, record) = connector.instance.begin(start, turn)
    case .resume(let events): record = operation?.resume(events, turn) ?? TurnRecord(status: .internal)
    }
    let pushes = journalPushes(of: record)
    let actions = state.withLock { state in
      guard !state.machine.hasEnded else { return nil as [OperationMachine.Action]? }
      state.connectorOperation = made
      return state.machine.finishTurn(record, isAlive: made != nil, pushes: pushes)
    }
    guard let actions else {
      // Given up meanwhile: the turn came back too late.
      made?.abandon()
      return
    }
    tell(kind, record)
    carryOut(actions, isInTurn: true)
  }

  /// Made out of the lock: bodies are long.
  private func journalPushes(of record: TurnRecord) -> [JournalPush] {
    let digest = request.journal.map { _ in driver.digest }
    return JournalPush.list(
      record.pushes, isWrite: { connector.http.isWrite($0, of: request.connection) }, digest: digest)
  }

  private func tell(_ kind: OperationMachine.TurnKind, _ record: TurnRecord) {
    let events =
      switch kind {
      case .begin: 0
      case .resume(let events): events.count
      }
    request.observe(
      .turn(
        number: state.withLock { $0.machine.report.turns }, events: events, pushes: record.pushes.count,
        cpu: .nanoseconds(Int64(clamping: record.cpuNanoseconds))))
  }

  /// The thread is still inside the connector: it and all its operations are given up, `end` included.
  private func overran(_ reason: String) {
    connector.health.fail(
      OperationError(.protocol, "the connector broke rule S-7: \(reason)"), because: number)
    // It may have ended by itself, and hang in `end`: then its outcome stands, and somebody waits for it.
    report()
  }

  /// The connector has left service, because of this operation or another.
  func connectorFailed(_ failure: OperationError, isOwnFault: Bool) {
    mustStop.store(true, ordering: .relaxed)
    carryOut(state.withLock { $0.machine.abandon(failure, isOwnFault: isOwnFault) })
  }

  // MARK: Carrying out

  private func carryOut(_ actions: [OperationMachine.Action], isInTurn: Bool = false) {
    for action in actions {
      switch action {
      case .perform(let id, let effect): perform(effect, id)
      case .cancel(let id): takeEffect(id)?.cancel()
      case .wake(let id, let wait): wake(id, after: wait)
      case .append(let entries): append(entries)
      case .handOver(let records): handOver(records)
      case .scheduleTurn: scheduleTurn()
      case .startGrace(let grace): watchGrace(grace)
      case .endConnector: endConnector(isInTurn: isInTurn)
      case .abandonConnector: state.withLock { $0.connectorOperation.take() }?.abandon()
      case .report: report()
      }
    }
  }

  /// `end` is a call into the connector: outside of a turn it waits for its thread like any turn, and the report
  /// does not wait for it.
  private func endConnector(isInTurn: Bool) {
    guard let operation = state.withLock({ $0.connectorOperation.take() }) else { return }
    let end: @Sendable () -> Void = { [connector] in
      if connector.health.failure == nil { operation.end() } else { operation.abandon() }
    }
    if isInTurn { end() } else { call(end) }
  }

  private func append(_ entries: [JournalEntry]) {
    let start = driver.clock.unixNanoseconds
    request.journal?.append(entries) { [self] verdict in
      let end = driver.clock.unixNanoseconds
      let time = Duration.nanoseconds(Int64(clamping: end > start ? end - start : 0))
      carryOut(state.withLock { $0.machine.appended(verdict, took: time) })
    }
  }

  private func handOver(_ records: [OperationReport.Record]) {
    request.sink?.take(records) { [self] verdict in
      carryOut(state.withLock { $0.machine.handedOver(verdict) })
    }
  }

  private func perform(_ effect: Effect, _ id: UInt64) {
    // Since the machine decided, another thread may have ended the operation or given the effect up.
    let (isWanted, deadline, pushTime) = state.withLock { state in
      (state.machine.isOutstanding(id), state.deadline, state.machine.pushTime(of: id))
    }
    guard isWanted else { return carryOut(state.withLock { $0.machine.notStarted(id) }) }
    switch effect {
    case .timer(let delay):
      request.observe(.timer(delay))
      let timer = driver.clock.schedule(after: delay) { self.arrived(Event(effect: id, .timer)) }
      keep(timer, for: id)
    case .keyValue(let request):
      driver.keyValues.perform(
        request, connection: self.request.connection.id, connector: connector.instance.id, now: pushTime,
        effect: self.request.journal.map { ReplayableEffect(job: $0.job, id: id) }
      ) { [self] answer in arrived(Event(effect: id, .keyValue(answer))) }
    case .http(let http):
      let scope = OperationScope(
        operation: scopeName, connection: request.connection, deadline: deadline,
        priority: request.kind == .sync ? .syncing : .publishing, blobs: request.blobs,
        seed: request.seed,
        waits: { [weak self] isWaiting in self?.noteWait(of: id, isWaiting) })
      let exchange = connector.http.perform(http, for: scope) {
        [self, method = http.method, url = http.url] performed in
        request.observe(.http(method: method, path: url.pathOnly, performed))
        extendDeadline(by: performed.waits, of: id)
        arrived(performed, for: id)
      }
      keep(exchange, for: id)
    }
  }

  private func arrived(_ performed: PerformedHTTP, for id: UInt64) {
    guard let wait = performed.askedToWait, !performed.performedWrite, request.journal != nil else {
      return arrived(Event(effect: id, .http(performed.answer)), performed: performed)
    }
    let now = driver.clock.unixNanoseconds
    let effect = takeEffect(id)
    carryOut(
      state.withLock { $0.machine.postponed(id, until: wait.after(now), now: now, performed: performed) })
    withExtendedLifetime(effect) {}
  }

  private func wake(_ id: UInt64, after wait: Duration) {
    let timer = driver.clock.schedule(after: wait) { [self] in
      let effect = takeEffect(id)
      carryOut(state.withLock { $0.machine.woke(id) })
      withExtendedLifetime(effect) {}
    }
    keep(timer, for: id)
  }

  private func keep(_ effect: Cancellation, for id: UInt64) {
    let isWanted = state.withLock { state in
      let isWanted = state.machine.isOutstanding(id)
      if isWanted { state.effects.append((id, effect)) }
      return isWanted
    }
    // Delivered already, and then this does nothing, or given up while it was being started.
    if !isWanted { effect.cancel() }
  }

  private func takeEffect(_ id: UInt64) -> Cancellation? {
    state.withLock { state in
      state.effects.firstIndex { $0.id == id }.map { state.effects.remove(at: $0).cancellation }
    }
  }

  private func arrived(_ event: Event, performed: PerformedHTTP? = nil) {
    let effect = takeEffect(event.effect)
    carryOut(state.withLock { $0.machine.arrived(event, performed: performed) })
    // Not released under the lock: what it holds may hold this operation.
    withExtendedLifetime(effect) {}
  }

  private func report() {
    let (report, timers) = state.withLock { state in
      guard state.machine.hasEnded, !state.isReported else {
        return (nil as OperationReport?, [] as [Cancellation?])
      }
      state.isReported = true
      return (state.machine.report, [state.deadlineTimer.take(), state.graceTimer.take()])
    }
    guard let report else { return }
    connector.health.part(self)
    for timer in timers { timer?.cancel() }
    connector.http.operationEnded(scopeName)
    request.observe(.ended(report.code))
    done(report)
  }

  // MARK: Deadline and grace

  /// Waits for limits do not count, from the moment they begin.
  private func noteWait(of id: UInt64, _ isWaiting: Bool) {
    let now = driver.clock.unixNanoseconds
    state.withLock { state in
      if isWaiting {
        state.waits[id, default: LimitWait()].since = now
      } else if let waited = state.waits[id]?.end(at: now) {
        state.deadline = waited.after(state.deadline)
      }
    }
  }

  /// For what was waited without a word.
  private func extendDeadline(by waits: [Wait], of id: UInt64) {
    let whole = waits.reduce(Duration.zero) { $0 + $1.duration }
    state.withLock { state in
      let told = state.waits.removeValue(forKey: id)?.past ?? .zero
      if whole > told { state.deadline = (whole - told).after(state.deadline) }
    }
  }

  private func watchDeadline(after delay: Duration) {
    let timer = driver.clock.schedule(after: delay) { self.deadlinePassed() }
    let isLate = state.withLock { state in
      if !state.isReported { state.deadlineTimer = timer }
      return state.isReported
    }
    if isLate { timer.cancel() }
  }

  private func watchGrace(_ grace: Duration) {
    mustStop.store(true, ordering: .relaxed)
    let timer = driver.clock.schedule(after: grace) {
      self.carryOut(self.state.withLock { $0.machine.graceEnded() })
    }
    let isLate = state.withLock { state in
      if !state.isReported { state.graceTimer = timer }
      return state.isReported
    }
    if isLate { timer.cancel() }
  }

  private func deadlinePassed() {
    let now = driver.clock.unixNanoseconds
    let deadline = state.withLock { state in
      (state.waits.values.map { $0.current(at: now) }.max() ?? .zero).after(state.deadline)
    }
    if now < deadline {
      // While a limit is waited for, the deadline moves with the clock: looked at no more often than is of use.
      return watchDeadline(after: max(.nanoseconds(Int64(clamping: deadline - now)), .milliseconds(10)))
    }
    mustStop.store(true, ordering: .relaxed)
    carryOut(state.withLock { $0.machine.cancel(.timeout, "the operation's deadline passed") })
  }
}

extension String {
  /// Without scheme, host and query, fit for a log.
  fileprivate var pathOnly: String {
    let withoutQuery = prefix { $0 != "?" && $0 != "#" }
    guard let scheme = withoutQuery.firstRange(of: "://") else { return String(withoutQuery) }
    let rest = withoutQuery[scheme.upperBound...]
    return String(rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...])
  }
}
