internal import CForeignWork
internal import CPatchbay
internal import ConnectorModel
internal import Glibc
internal import Ports
internal import Synchronization

/// The one place where a thread that is inside a connector keeps what the connector may reach.
///
/// Found through a thread-local, never through a pointer that a connector could have kept. A slot is used again
/// by the next call of its thread, handed on when the thread ends, and never freed: a late call through a kept
/// `patchbay_out` meets valid memory and is counted.
///
/// `@unchecked Sendable`: a slot belongs to one thread at a time, the pool hands it over under a lock.
@safe final class TurnSlot: @unchecked Sendable {
  /// What the connector was called for; decides what it may do.
  enum Phase {
    case outside, entry, describe, create, destroy, turn, end
  }

  private static let ticketBits: UInt = 40
  private static let maximumViolations = 32
  private static let maximumLogLines = 256
  private static let maximumCancellations = 1024

  let out: UnsafeMutablePointer<patchbay_out>
  let arena = TurnArena()
  private var memory = ConnectorMemory()
  private(set) var phase = Phase.outside
  private(set) var isOver = false
  private var calls: UInt = 0
  private var ledger: ConnectorLedger?
  private(set) var turn = TurnSlot.noTurn
  private var record = TurnRecord()
  private var nextEffect: UInt64 = 1
  private var effectsLeft = 0
  private var emitsLeft = 0
  private var emitBytesLeft = 0
  private var cancellationsLeft = 0
  private var logLinesLeft = 0
  private var stopwatch = TurnStopwatch()

  static let noTurn = Turn(
    unixNanoseconds: 0, firstEffect: 1, effectAllowance: 0, emitAllowance: 0, random: SplitMix64(seed: 0))

  private init() {
    unsafe out = .allocate(capacity: 1)
    unsafe out.initialize(to: HostTables.out)
  }
}

extension TurnSlot {
  /// Calls into a connector: `body` runs with this thread's slot in the given phase.
  ///
  /// - Returns: what the connector pushed and broke meanwhile.
  static func call(
    _ phase: Phase, _ ledger: ConnectorLedger, _ turn: Turn, _ body: (TurnSlot) -> patchbay_status
  ) -> TurnRecord {
    let slot = ofThread() ?? adopt()
    guard slot.phase == .outside else {
      // The host itself called from inside a turn, e.g. out of a log sink: give the inner call a slot of its own.
      let inner = fresh()
      unsafe pthread_setspecific(key, Unmanaged.passUnretained(inner).toOpaque())
      defer {
        unsafe pthread_setspecific(key, Unmanaged.passUnretained(slot).toOpaque())
        spare.withLock { $0.append(inner) }
      }
      return inner.perform(phase, ledger, turn, body)
    }
    return slot.perform(phase, ledger, turn, body)
  }

  private func perform(
    _ phase: Phase, _ ledger: ConnectorLedger, _ turn: Turn, _ body: (TurnSlot) -> patchbay_status
  ) -> TurnRecord {
    self.turn = turn
    self.ledger = ledger
    self.phase = phase
    isOver = false
    memory = ConnectorMemory()
    record = TurnRecord(random: turn.random)
    nextEffect = turn.firstEffect
    effectsLeft = turn.effectAllowance
    emitsLeft = turn.emitAllowance
    emitBytesLeft = turn.emitByteAllowance
    cancellationsLeft = Self.maximumCancellations
    logLinesLeft = Self.maximumLogLines
    calls &+= 1
    unsafe out.pointee.ctx = UnsafeMutableRawPointer(bitPattern: ticket)

    stopwatch.start()
    foreign_work_enter()
    let status = body(self)
    let noticed = foreign_work_leave()
    record.cpuNanoseconds = stopwatch.stop()

    record.status = OutcomeCode(abi: status)
    reportForeignWork(noticed)
    self.phase = .outside
    self.turn = Self.noTurn
    self.ledger = nil
    arena.reset()
    return exchange(&record, with: TurnRecord())
  }

  private func reportForeignWork(_ noticed: UInt32) {
    if noticed > 0 {
      violate(
        "T-3",
        "the connector started a task outside its operation, by Task {}, Task.detached or a main-actor function; "
          + "async let and task groups stay inside")
    }
    if let strays = ledger?.takeStrays(), strays > 0 {
      violate("T-5", "\(strays) calls to the host came from a thread that it had not inside the connector")
    }
  }

  /// What `out.ctx` holds during this call: the ledger's number and a count, never a pointer.
  private var ticket: UInt {
    let count = calls & ((1 << Self.ticketBits) - 1)
    return (ledger?.number ?? 0) << Self.ticketBits | count
  }
}

extension TurnSlot {
  /// The slot behind a call through `patchbay_out`, nil and counted when there is none.
  static func through(out context: UnsafeMutableRawPointer?) -> TurnSlot? {
    let ticket = UInt(bitPattern: context)
    guard let slot = ofThread(), slot.phase != .outside else {
      ConnectorLedger.countStray(ticket >> ticketBits)
      return nil
    }
    guard slot.ticket == ticket else {
      slot.violate("M-1", "a `patchbay_out` was used after the call that it was passed to")
      return nil
    }
    return slot
  }

  /// The slot behind a call through `patchbay_host`, nil and counted when there is none.
  static func through(host context: UnsafeMutableRawPointer?) -> TurnSlot? {
    let number = UInt(bitPattern: context)
    guard let slot = ofThread(), slot.phase != .outside else {
      ConnectorLedger.countStray(number)
      return nil
    }
    guard slot.ledger?.number == number else {
      slot.violate("T-5", "the host table of another connector was used")
      return nil
    }
    return slot
  }

  /// Reads what the connector hands over, within what the turn may hand over in all.
  func reading<Value>(
    _ read: (inout ConnectorMemory) throws(RuleViolation) -> Value
  ) throws(RuleViolation) -> Value {
    // A copy, so that the slot is not held for writing while it is read from.
    var memory = memory
    defer { self.memory = memory }
    return try read(&memory)
  }

  /// Records a broken rule; a flood is cut off.
  func violate(_ rule: String, _ what: String) { violate(RuleViolation(rule, what)) }

  func violate(_ violation: RuleViolation) {
    if record.violations.count < Self.maximumViolations { record.violations.append(violation) }
  }

  /// True when the phase lets the connector push effects and records, and no end was pushed yet.
  func mayPush(_ function: String) -> Bool {
    switch phase {
    case .turn:
      if isOver { violate("S-2", "`\(function)` was called after the operation's end was pushed") }
      return !isOver
    case .entry, .describe, .create:
      violate("L-8", "`\(function)` was called in \(phase), where only `complete` and `fail` may be")
      return false
    case .destroy, .end, .outside:
      violate("M-1", "`\(function)` was called in \(phase), which is given no `patchbay_out`")
      return false
    }
  }

  /// True when the phase lets the connector end what it was called for.
  func mayEnd(_ function: String) -> Bool {
    if phase == .destroy || phase == .end || phase == .outside { return mayPush(function) }
    if phase == .entry, function != "fail" {
      violate("L-8", "`\(function)` was called in entry, where only `fail` may be")
      return false
    }
    if isOver { violate("S-2", "`\(function)` was called after the operation's end was pushed") }
    return !isOver
  }

  /// Records an effect that `decode` makes, or why there is none.
  ///
  /// - Returns: its id, taken even when it is refused; 0 only when nothing may be pushed.
  func pushEffect(_ function: String, _ decode: () throws(RuleViolation) -> Effect) -> UInt64 {
    guard mayPush(function) else { return 0 }
    let id = nextEffect
    nextEffect += 1
    guard effectsLeft > 0 else {
      violate("S-8", "the operation pushes more effects than its manifest allows")
      return id
    }
    effectsLeft -= 1
    do throws(RuleViolation) {
      record.pushes.append(.effect(id, try decode()))
    } catch {
      violate(error)
    }
    return id
  }

  func pushCancellation(_ id: UInt64) {
    guard mayPush("cancel_effect") else { return }
    guard cancellationsLeft > 0 else {
      violate("S-8", "the turn gives up more than \(Self.maximumCancellations) effects")
      return
    }
    cancellationsLeft -= 1
    record.pushes.append(.cancelEffect(id))
  }

  func pushRecord(_ decode: () throws(RuleViolation) -> (String, Payload)) -> OutcomeCode {
    guard mayPush("emit") else { return .invalidState }
    guard emitsLeft > 0 else { return .quota }
    do throws(RuleViolation) {
      let (stream, payload) = try decode()
      let bytes = payload.inlineBytes?.count ?? 0
      guard bytes <= emitBytesLeft else { return .quota }
      emitBytesLeft -= bytes
      emitsLeft -= 1
      record.pushes.append(.emit(stream: stream, payload))
      return .ok
    } catch {
      violate(error)
      return .invalidInput
    }
  }

  func pushEnd(_ function: String, _ decode: () throws(RuleViolation) -> TurnRecord.Push) {
    guard mayEnd(function) else { return }
    isOver = true
    do throws(RuleViolation) {
      record.pushes.append(try decode())
    } catch {
      violate(error)
    }
  }

  func nextRandom() -> UInt64 { phase == .turn ? record.random.next() : 0 }

  /// True while lines are still taken in this turn.
  func takeLogLine() -> Bool {
    guard logLinesLeft > 0 else { return false }
    logLinesLeft -= 1
    return true
  }
}

extension TurnSlot {
  // Slots of threads that ended, waiting for the next thread.
  private static let spare = Mutex<[TurnSlot]>([])

  // Written once; a pthread key is a number.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key) { slot in
      if let slot = unsafe slot {
        let slot = unsafe Unmanaged<TurnSlot>.fromOpaque(slot).takeUnretainedValue()
        TurnSlot.spare.withLock { $0.append(slot) }
      }
    }
    return key
  }()

  private static func ofThread() -> TurnSlot? {
    guard let slot = unsafe pthread_getspecific(key) else { return nil }
    return unsafe Unmanaged<TurnSlot>.fromOpaque(slot).takeUnretainedValue()
  }

  private static func fresh() -> TurnSlot {
    if let slot = spare.withLock({ $0.popLast() }) { return slot }
    let slot = TurnSlot()
    // Retained for ever, on purpose: see above.
    _ = unsafe Unmanaged.passRetained(slot)
    return slot
  }

  private static func adopt() -> TurnSlot {
    let slot = fresh()
    unsafe pthread_setspecific(key, Unmanaged.passUnretained(slot).toOpaque())
    return slot
  }
}
