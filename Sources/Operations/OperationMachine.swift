internal import ConnectorModel
internal import Manifest
internal import Ports

/// Decides how one operation goes on.
///
/// A value without I/O: the driver feeds it and does what it says. Turns are here; effects, ends and the way back
/// from a journal have files of their own.
///
/// docs/states.md draws its states.
struct OperationMachine {
  /// What the driver must do next, in order.
  enum Action: Equatable {
    case perform(UInt64, Effect)
    /// Give up an effect that is under way.
    case cancel(UInt64)
    /// Say when a postponed effect may be performed.
    case wake(UInt64, after: Duration)
    /// Store these, then say so.
    case append([JournalEntry])
    /// Give these to the operation's sink, then say what it made of them.
    case handOver([OperationReport.Record])
    /// Start or join the queue for a turn.
    case scheduleTurn
    /// Wait at most this long for clean-up turns and for what became of writes.
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

  enum Phase: Equatable {
    case idle
    case scheduled
    case inTurn
    /// Ends so once everything is stored.
    case leaving(OperationReport.Outcome)
    case ended
  }

  static let grace = Duration.seconds(2)
  /// Records that one operation may emit.
  static let emitLimit = 10_000
  /// Bytes of them all.
  static let emitBytesLimit = 64 << 20
  /// The same where records go to a sink while the operation runs, of those that it has not stored.
  static let handOverBytesLimit = 16 << 20

  let limits: Limits.OperationLimits
  let wantsCleanup: Bool
  var phase = Phase.scheduled
  /// The connector's operation exists, so `end` must follow.
  var isAlive = false
  var inbox: [Event] = []
  /// Few at a time: at most `limits.parallel`.
  var outstanding: [OutstandingEffect] = []
  /// Pushed, and not started yet.
  var queued: [PushedEffect] = []
  /// Writes that have a result: what a cancel must leave in the inbox.
  var answeredWrites: Set<UInt64> = []
  /// Nil: the operation is not recorded.
  var journal: JournalQueue?
  /// Nil: there is nothing to replay.
  @Rare var replay: OperationReplay?
  /// The latest time that the machine was told.
  var now: UInt64 = 0
  /// How the operation will end, and what it depends on.
  var ending = OperationEnding()
  var report = OperationReport(outcome: Self.notEnded)
  /// One for all.
  private static let notEnded = OperationReport.Outcome.failed(OperationError(.internal, "not ended"))

  private var hasBegun = false
  var pushedEffects = 0
  var emitted = 0
  var emittedBytes = 0
  /// Records go to a sink and not to the report.
  private let hasSink: Bool
  /// Of the turn that ended.
  var handedOver: [OperationReport.Record] = []
  /// The sink has not said yet what it made of the last turn's records: no turn begins.
  var isHandingOver = false
  private var nextEffect: UInt64 = 1
  private var random: SplitMix64
  /// What the turn under way was given, for the record.
  private var given = JournalTurn(clock: 0)

  init(
    limits: Limits.OperationLimits, wantsCleanup: Bool, seed: UInt64, journal: JournalQueue? = nil,
    replay: OperationReplay? = nil, hasSink: Bool = false
  ) {
    self.limits = limits
    self.hasSink = hasSink
    self.wantsCleanup = wantsCleanup
    random = SplitMix64(seed: seed)
    self.journal = journal
    self.replay = replay
    report = OperationReport(outcome: report.outcome, of: replay)
  }

  var hasEnded: Bool { phase == .ended }

  private var bytesLimit: Int { hasSink ? Self.handOverBytesLimit : Self.emitBytesLimit }

  /// Begins the turn that was scheduled, or the next one on record; nil when it has become pointless.
  ///
  /// - Parameter deadlineShift: how far the deadline has moved, in nanoseconds.
  mutating func startTurn(now: UInt64, deadlineShift: UInt64 = 0) -> (TurnKind, Turn)? {
    guard phase == .scheduled else { return nil }
    self.now = now
    if let recorded = replay?.next { relive(recorded) }
    given = JournalTurn(
      clock: replay?.next?.clock ?? now, deadlineShift: deadlineShift, events: inbox,
      stop: ending.stopping.map { JournalStop($0.code, $0.message) })
    inbox = []
    let turn = Turn(
      unixNanoseconds: given.clock, firstEffect: nextEffect, effectAllowance: limits.effects - pushedEffects,
      emitAllowance: Self.emitLimit - emitted, emitByteAllowance: bytesLimit - emittedBytes, random: random)
    phase = .inTurn
    report.turns += 1
    ending.wasTold = ending.stopping != nil
    guard hasBegun else {
      hasBegun = true
      return (.begin, turn)
    }
    return (.resume(given.events), turn)
  }

  /// Takes what a turn pushed.
  ///
  /// - Parameters:
  ///   - isAlive: the connector has an operation that `end` must free.
  ///   - pushes: the record's effects, as far as two runs must agree on them.
  mutating func finishTurn(_ record: TurnRecord, isAlive: Bool, pushes: [JournalPush]) -> [Action] {
    guard phase == .inTurn else { return [] }
    // Events and pushes of a turn that is over are the journal's or nobody's.
    defer { (given.events, given.pushes) = ([], []) }
    phase = .idle
    self.isAlive = isAlive
    random = record.random
    account(record)
    if let decided = ending.decided { return end(decided) }
    let isReplayed = replay?.next != nil
    if let fault = record.fault { return isReplayed ? stopDiffering(fault.message) : stop(fault) }

    var (actions, terminal) = take(record, pushes)
    let (emits, isTerminal) = (given.emits, given.isTerminal)
    if isReplayed, let difference = replay?.take(pushes, emits: emits, isTerminal: isTerminal) {
      return actions + stopDiffering(difference)
    }
    if emittedBytes > bytesLimit {
      return actions
        + stop(OperationError(.quota, "the operation emitted more than \(bytesLimit) bytes of records"))
    }
    actions += handOver()
    if let terminal {
      return actions + conclude(ending.stopping.map(terminal.explaining) ?? terminal)
    }
    if let stopping = ending.stopping, !wantsCleanup || ending.isOutOfGrace {
      return actions + conclude(.failed(stopping))
    }
    guard isAlive else {
      return stop(.brokenRule("L-3", "begin returned no operation although the turn did not end it"))
    }
    if isReplayed {
      actions += goOnAfterReplay()
    } else {
      journal?.note(given)
    }
    actions += proceed()
    if phase == .idle, outstanding.isEmpty, inbox.isEmpty, ending.held == nil {
      return actions + stop(.brokenRule("S-1", "a turn ended without a result and waits for no effect"))
    }
    return actions
  }

  private mutating func account(_ record: TurnRecord) {
    let cpu = Duration.nanoseconds(Int64(clamping: record.cpuNanoseconds))
    report.connectorTime += cpu
    if cpu > limits.turn { report.slowTurns += 1 }
  }

  /// Sorts what was pushed, and completes the turn's record.
  private mutating func take(
    _ record: TurnRecord, _ pushes: [JournalPush]
  ) -> (actions: [Action], terminal: OperationReport.Outcome?) {
    let isReplayed = replay?.next != nil
    var actions: [Action] = []
    var terminal: OperationReport.Outcome?
    var marks = pushes.makeIterator()
    given.pushes = pushes
    for push in record.pushes {
      switch push {
      case .effect(let id, let effect):
        pushedEffects += 1
        nextEffect = max(nextEffect, id + 1)
        let mark = marks.next()
        guard ending.stopping == nil || ending.wasTold else { continue }
        if ending.wasTold { ending.hasCleanedUp = true }
        queued.append(
          PushedEffect(id: id, effect: effect, mark: mark, pushedAt: given.clock, isReplayed: isReplayed))
      case .cancelEffect(let id):
        _ = marks.next()
        actions += giveUp(id)
      case .emit(let stream, let payload):
        emitted += 1
        given.emits += 1
        // Those of replayed turns were emitted by the run that recorded them.
        if isReplayed { continue }
        emittedBytes += payload.inlineBytes?.count ?? 0
        let record = OperationReport.Record(stream: stream, payload: payload)
        if hasSink { handedOver.append(record) } else { report.records.append(record) }
      case .complete(let payload): terminal = .succeeded(payload)
      case .fail(let error): terminal = .failed(error)
      }
    }
    given.isTerminal = terminal != nil
    return (actions, terminal)
  }

  /// Starts what may start and goes wherever that leads.
  mutating func proceed() -> [Action] {
    if case .leaving = phase { return nextAppend() }
    if ending.isSuspending { return settleSuspension() }
    if replay?.next != nil { return scheduleReplay() }
    let actions = startQueued() + nextAppend()
    guard phase == .idle, !isHandingOver else { return actions }
    if !inbox.isEmpty {
      phase = .scheduled
      return actions + [.scheduleTurn]
    }
    return actions + parkIfWaiting()
  }

  private mutating func scheduleReplay() -> [Action] {
    guard phase == .idle else { return [] }
    phase = .scheduled
    return [.scheduleTurn]
  }
}

extension TurnRecord {
  /// Why nothing of it counts; nil when it does.
  fileprivate var fault: OperationError? {
    if let violation = violations.first { return .brokenRule(violation.rule, violation.what) }
    guard status != .ok else { return nil }
    return OperationError(status, "the connector's machinery failed with \(status.name)")
  }
}

extension OperationError {
  static func brokenRule(_ rule: String, _ what: String) -> OperationError {
    OperationError(.protocol, "the connector broke rule \(rule): \(what)")
  }
}
