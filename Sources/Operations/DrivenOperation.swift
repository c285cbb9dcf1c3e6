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
    var connectorOperation: (any StepOperation)?
    var effects: [UInt64: Cancellation] = [:]
    var deadline: UInt64
    var deadlineTimer: Cancellation?
    var isReported = false
  }

  private let request: OperationRequest
  private let connector: HostedConnector
  private let driver: OperationDriver
  private let done: @Sendable (OperationReport) -> Void
  /// Unique in this process.
  private let name = "op-\(DrivenOperation.count.add(1, ordering: .relaxed).newValue)"
  private static let count = Atomic<UInt64>(0)
  private let mustStop = Atomic(false)
  private let state: Mutex<State>

  init(
    _ request: OperationRequest, _ connector: HostedConnector, _ driver: OperationDriver,
    _ done: @escaping @Sendable (OperationReport) -> Void
  ) {
    self.request = request
    self.connector = connector
    self.driver = driver
    self.done = done
    let machine = OperationMachine(
      limits: connector.limits, wantsCleanup: connector.instance.wantsCleanup, seed: request.seed)
    let deadline = driver.clock.unixNanoseconds &+ connector.limits.deadline.nanosecondsClamped
    state = Mutex(State(machine: machine, deadline: deadline))
  }

  func start() {
    watchDeadline(after: connector.limits.deadline)
    scheduleTurn()
  }

  func cancel() {
    mustStop.store(true, ordering: .relaxed)
    carryOut(state.withLock { $0.machine.cancel(.cancelled, "the operation was cancelled") })
  }

  // MARK: Turns

  private func scheduleTurn() {
    connector.health.enter { [self] in
      driver.threads.enqueue(
        TurnThreads.Job(run: { self.runTurn() }, overran: { reason in self.overran(reason) }))
    }
  }

  private func runTurn() {
    if let failure = connector.health.failure {
      carryOut(state.withLock { $0.machine.abandon(OperationError(.protocol, failure)) })
      return connector.health.leave()
    }
    let now = driver.clock.unixNanoseconds
    let (started, operation) = state.withLock { ($0.machine.startTurn(now: now), $0.connectorOperation) }
    guard let (kind, prepared) = started else { return connector.health.leave() }
    var turn = prepared
    turn.shouldStop = { self.mustStop.load(ordering: .relaxed) }
    turn.log = { [request] line in request.observe(.log(line)) }
    let record: TurnRecord
    var made = operation
    switch kind {
    case .begin: (made, record) = connector.instance.begin(operationStart, turn)
    case .resume(let events): record = operation?.resume(events, turn) ?? TurnRecord(status: .internal)
    }
    let actions = state.withLock { state in
      state.connectorOperation = made
      return state.machine.finishTurn(record, isAlive: made != nil)
    }
    tell(kind, record)
    carryOut(actions)
    connector.health.leave()
  }

  private var operationStart: OperationStart {
    OperationStart(
      kind: request.kind, name: request.name, input: request.input, attributes: request.attributes,
      deadline: state.withLock { $0.deadline }, seed: request.seed, attempt: request.attempt,
      idempotencyKey: request.idempotencyKey)
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
    mustStop.store(true, ordering: .relaxed)
    let failure = "the connector broke rule S-7: \(reason)"
    connector.health.fail(failure)
    carryOut(state.withLock { $0.machine.abandon(OperationError(.protocol, failure)) })
    connector.health.leave()
  }

  // MARK: Carrying out

  private func carryOut(_ actions: [OperationMachine.Action]) {
    for action in actions {
      switch action {
      case .perform(let id, let effect): perform(effect, id)
      case .cancel(let id): state.withLock { $0.effects.removeValue(forKey: id) }?.cancel()
      case .scheduleTurn: scheduleTurn()
      case .startGrace(let grace):
        mustStop.store(true, ordering: .relaxed)
        _ = driver.clock.schedule(after: grace) { self.graceEnded() }
      case .endConnector: state.withLock { $0.connectorOperation.take() }?.end()
      case .report: report()
      }
    }
  }

  private func graceEnded() {
    let actions = state.withLock { $0.machine.graceEnded() }
    guard !actions.isEmpty else { return }
    // `end` is a call into the connector: it waits for its thread like any turn.
    connector.health.enter { [self] in
      driver.threads.enqueue(
        TurnThreads.Job(
          run: {
            self.carryOut(actions)
            self.connector.health.leave()
          }, overran: { reason in self.overran(reason) }))
    }
  }

  private func perform(_ effect: Effect, _ id: UInt64) {
    switch effect {
    case .timer(let delay):
      let timer = driver.clock.schedule(after: delay) { self.arrived(Event(effect: id, .timer)) }
      keep(timer, for: id)
    case .keyValue(let request):
      driver.keyValues.perform(
        request, connection: self.request.connection.id, connector: connector.instance.id,
        now: driver.clock.unixNanoseconds
      ) { [self] answer in arrived(Event(effect: id, .keyValue(answer))) }
    case .http(let http):
      let scope = OperationScope(
        operation: name, connection: request.connection,
        deadline: state.withLock { $0.deadline })
      let exchange = connector.http.perform(http, for: scope) { [self] performed in
        request.observe(.http(method: http.method, path: http.url.pathOnly, performed))
        extendDeadline(by: performed.waits)
        arrived(Event(effect: id, .http(performed.answer)), performed: performed)
      }
      keep(exchange, for: id)
    }
  }

  private func keep(_ effect: Cancellation, for id: UInt64) {
    state.withLock { state in
      if state.machine.isOutstanding(id) { state.effects[id] = effect }
    }
  }

  private func arrived(_ event: Event, performed: PerformedHTTP? = nil) {
    let actions = state.withLock { state in
      state.effects[event.effect] = nil
      return state.machine.arrived(event, performed: performed)
    }
    carryOut(actions)
  }

  private func report() {
    let (report, timer) = state.withLock { state in
      guard !state.isReported else { return (nil as OperationReport?, nil as Cancellation?) }
      state.isReported = true
      return (state.machine.report, state.deadlineTimer)
    }
    guard let report else { return }
    timer?.cancel()
    connector.http.operationEnded(name)
    request.observe(.ended(report.error?.code ?? .ok))
    done(report)
  }

  // MARK: Deadline

  /// Waits for limits do not count.
  private func extendDeadline(by waits: [Wait]) {
    let extra = waits.reduce(Duration.zero) { $0 + $1.duration }
    state.withLock { $0.deadline &+= extra.nanosecondsClamped }
  }

  private func watchDeadline(after delay: Duration) {
    let timer = driver.clock.schedule(after: delay) { self.deadlinePassed() }
    let isLate = state.withLock { state in
      state.deadlineTimer = timer
      return state.isReported
    }
    if isLate { timer.cancel() }
  }

  private func deadlinePassed() {
    let deadline = state.withLock { $0.deadline }
    let now = driver.clock.unixNanoseconds
    if now < deadline { return watchDeadline(after: .nanoseconds(Int64(clamping: deadline - now))) }
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
