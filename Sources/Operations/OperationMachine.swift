internal import ConnectorModel
internal import Manifest
internal import Ports

/// Decides how one operation goes on.
///
/// A value without I/O: the driver feeds it and does what it says.
///
/// docs/states.md draws its states.
struct OperationMachine {
  /// What the driver must do next, in order.
  enum Action: Equatable {
    case perform(UInt64, Effect)
    /// Give up an effect that is under way.
    case cancel(UInt64)
    /// Start or join the queue for a turn.
    case scheduleTurn
    /// Wait at most this long for clean-up turns.
    case startGrace(Duration)
    /// Call the connector's `end`.
    case endConnector
    /// Forget the connector's operation without calling anything.
    case abandonConnector
    case report(OperationReport.Outcome)
  }

  /// What a turn is to be.
  enum TurnKind: Equatable {
    case begin
    case resume([Event])
  }

  private enum Phase {
    case idle
    case scheduled
    case inTurn
    case ended
  }

  static let grace = Duration.seconds(2)
  /// Records that one operation may emit.
  static let emitLimit = 10_000
  /// Bytes of them all; a turn's own share is bounded by what the bridge takes.
  static let emitBytesLimit = 64 << 20

  private let limits: Limits.OperationLimits
  private let wantsCleanup: Bool
  private var phase = Phase.scheduled
  private var hasBegun = false
  /// The connector's operation exists, so `end` must follow.
  private var isAlive = false
  private var inbox: [Event] = []
  /// Few at a time: at most `limits.parallel`.
  private var outstanding: [(id: UInt64, mayChangeThePlatform: Bool)] = []
  private var queued: [(id: UInt64, effect: Effect)] = []
  private var pushedEffects = 0
  private var emittedBytes = 0
  private var nextEffect: UInt64 = 1
  private var random: SplitMix64
  /// Set once the host has decided how it ends, while clean-up turns run.
  private var stopping: OperationError?
  /// The connector knows: what it pushes from now on is clean-up.
  private var wasTold = false
  /// The grace time ended during a turn, which is the last one.
  private var isOutOfGrace = false
  private(set) var report = OperationReport(outcome: .failed(OperationError(.internal, "not ended")))

  init(limits: Limits.OperationLimits, wantsCleanup: Bool, seed: UInt64) {
    self.limits = limits
    self.wantsCleanup = wantsCleanup
    random = SplitMix64(seed: seed)
  }

  var hasEnded: Bool { phase == .ended }

  func isOutstanding(_ effect: UInt64) -> Bool { outstanding.contains { $0.id == effect } }

  // MARK: Turns

  /// Begins the turn that was scheduled; nil when it has become pointless.
  mutating func startTurn(now: UInt64) -> (TurnKind, Turn)? {
    guard phase == .scheduled else { return nil }
    let turn = Turn(
      unixNanoseconds: now, firstEffect: nextEffect, effectAllowance: limits.effects - pushedEffects,
      emitAllowance: Self.emitLimit - report.records.count, random: random)
    phase = .inTurn
    report.turns += 1
    guard hasBegun else {
      hasBegun = true
      return (.begin, turn)
    }
    defer { inbox = [] }
    wasTold = stopping != nil
    return (.resume(inbox), turn)
  }

  /// Takes what a turn pushed.
  ///
  /// - Parameter isAlive: the connector has an operation that `end` must free.
  mutating func finishTurn(_ record: TurnRecord, isAlive: Bool) -> [Action] {
    guard phase == .inTurn else { return [] }
    phase = .idle
    self.isAlive = isAlive
    random = record.random
    account(record)
    if let violation = record.violations.first { return stop(brokeRule(violation)) }
    if record.status != .ok {
      return stop(
        OperationError(record.status, "the connector's machinery failed with \(record.status.name)"))
    }
    var actions: [Action] = []
    var terminal: OperationReport.Outcome?
    for push in record.pushes {
      switch push {
      case .effect(let id, let effect):
        pushedEffects += 1
        nextEffect = max(nextEffect, id + 1)
        if stopping == nil || wasTold { queued.append((id, effect)) }
      case .cancelEffect(let id): actions += giveUp(id)
      case .emit(let stream, let payload):
        emittedBytes += payload.inlineBytes?.count ?? 0
        report.records.append(.init(stream: stream, payload: payload))
      case .complete(let payload): terminal = .succeeded(payload)
      case .fail(let error): terminal = .failed(error)
      }
    }
    if emittedBytes > Self.emitBytesLimit {
      return actions
        + stop(
          OperationError(.quota, "the operation emitted more than \(Self.emitBytesLimit) bytes of records"))
    }
    if let terminal {
      return actions + end(stopping.map(terminal.explaining) ?? terminal)
    }
    if let stopping, !wantsCleanup || isOutOfGrace { return actions + end(.failed(stopping)) }
    guard isAlive else {
      return stop(
        brokeRule(RuleViolation("L-3", "begin returned no operation although the turn did not end it")))
    }
    actions += startQueued()
    if outstanding.isEmpty && inbox.isEmpty {
      return actions
        + stop(brokeRule(RuleViolation("S-1", "a turn ended without a result and waits for no effect")))
    }
    return actions + scheduleIfReady()
  }

  private mutating func account(_ record: TurnRecord) {
    let cpu = Duration.nanoseconds(Int64(clamping: record.cpuNanoseconds))
    report.connectorTime += cpu
    if cpu > limits.turn { report.slowTurns += 1 }
  }

  private mutating func startQueued() -> [Action] {
    var actions: [Action] = []
    while !queued.isEmpty, outstanding.count < limits.parallel {
      let (id, effect) = queued.removeFirst()
      outstanding.append((id, effect.mayChangeThePlatform))
      actions.append(.perform(id, effect))
    }
    return actions
  }

  private mutating func giveUp(_ id: UInt64) -> [Action] {
    // 0 is the host's own CANCEL event, which is not the connector's to give up.
    guard id != 0 else { return [] }
    queued.removeAll { $0.id == id }
    inbox.removeAll { $0.effect == id }
    guard let effect = takeOutstanding(id) else { return [] }
    // Its answer will not be waited for, and it may have taken effect.
    if effect.mayChangeThePlatform { report.performedWrite = true }
    return [.cancel(id)]
  }

  private mutating func takeOutstanding(_ id: UInt64) -> (id: UInt64, mayChangeThePlatform: Bool)? {
    outstanding.firstIndex { $0.id == id }.map { outstanding.remove(at: $0) }
  }

  private mutating func scheduleIfReady() -> [Action] {
    guard phase == .idle, !inbox.isEmpty else { return [] }
    phase = .scheduled
    return [.scheduleTurn]
  }

  // MARK: Results

  /// Takes the result of an effect; one that was given up is dropped.
  mutating func arrived(_ event: Event, performed: PerformedHTTP? = nil) -> [Action] {
    guard phase != .ended else { return [] }
    // Also of effects that were given up: they did what they did.
    if let performed {
      report.requests += performed.requests
      report.waits += performed.waits
      report.networkTime += performed.network
      if performed.performedWrite { report.performedWrite = true }
    }
    guard takeOutstanding(event.effect) != nil else { return [] }
    inbox.append(event)
    return startQueued() + scheduleIfReady()
  }

  // MARK: Stopping

  /// Somebody wants the operation to end, or its deadline has passed.
  ///
  /// A write under way makes the outcome unknown: nobody can say whether it took effect.
  mutating func cancel(_ code: OutcomeCode, _ message: String) -> [Action] {
    guard phase != .ended, stopping == nil else { return [] }
    let writes = outstanding.contains(where: \.mayChangeThePlatform)
    let error =
      writes
      ? OperationError(
        .unknownOutcome, "\(message) while a request was under way that may have taken effect",
        retry: .unknownOutcome)
      : OperationError(
        code, message, retry: code == .timeout && !report.performedWrite ? .safe : .no)
    if writes { report.performedWrite = true }
    guard wantsCleanup, isAlive || phase == .inTurn else {
      return phase == .inTurn ? deferStop(error) : stop(error)
    }
    stopping = error
    let dropped = dropEffects()
    inbox = [Event(effect: 0, .cancel)]
    return dropped + [.startGrace(Self.grace)] + scheduleIfReady()
  }

  /// The grace time for clean-up turns is over.
  mutating func graceEnded() -> [Action] {
    guard phase != .ended, let stopping else { return [] }
    isOutOfGrace = true
    return phase == .inTurn ? [] : end(.failed(stopping))
  }

  /// The connector did not come back from a turn, of this operation or another: nothing may be called on it again.
  mutating func abandon(_ error: OperationError) -> [Action] {
    guard phase != .ended else { return [] }
    // During a turn the driver has the operation, and forgets it when the turn comes back.
    let mustForget = isAlive && phase != .inTurn
    isAlive = false
    return (mustForget ? [.abandonConnector] : []) + stop(error)
  }

  /// A turn is running on another thread: it ends the operation when it comes back.
  private mutating func deferStop(_ error: OperationError) -> [Action] {
    stopping = error
    return dropEffects()
  }

  private mutating func stop(_ error: OperationError) -> [Action] { end(.failed(stopping ?? error)) }

  private mutating func end(_ outcome: OperationReport.Outcome) -> [Action] {
    if outstanding.contains(where: \.mayChangeThePlatform) { report.performedWrite = true }
    let dropped = dropEffects()
    phase = .ended
    report.outcome = outcome
    return dropped + (isAlive ? [.endConnector] : []) + [.report(outcome)]
  }

  private mutating func dropEffects() -> [Action] {
    defer {
      outstanding = []
      queued = []
      inbox = []
    }
    return outstanding.map(\.id).sorted().map { .cancel($0) }
  }

  private func brokeRule(_ violation: RuleViolation) -> OperationError {
    OperationError(.protocol, "the connector broke rule \(violation.rule): \(violation.what)")
  }
}

extension OperationReport.Outcome {
  /// The outcome of an operation that the host stopped: a success stands; a failure says no more than the reason
  /// for the stop, and what the connector knows besides.
  fileprivate func explaining(_ stop: OperationError) -> Self {
    guard case .failed(let told) = self else { return self }
    var error = stop
    if told.code != .cancelled || !told.detail.isEmpty { error.message += "; \(told.message)" }
    error.detail = told.detail
    return .failed(error)
  }
}

extension Effect {
  /// Anything but an HTTP read; what the manifest says beyond the method is Egress's to judge.
  var mayChangeThePlatform: Bool {
    guard case .http(let request) = self else { return false }
    return !["GET", "HEAD", "OPTIONS"].contains(request.method)
  }
}
