import ConnectorModel
import Manifest
import Ports
import Testing

@testable import Operations

/// The machine of a recorded operation, without I/O.
@Suite struct JournalMachineTests {
  typealias Action = OperationMachine.Action

  let read = Effect.http(.read("/r"))
  let write = Effect.http(.write("/w"))
  let other = Effect.http(.write("/o"))
  let start = JournalStart(
    OperationStart(kind: .action, name: "act", input: .json([]), deadline: 300, seed: 1), library: "lib")
  var written: PerformedHTTP {
    var performed = PerformedHTTP.ok
    performed.performedWrite = true
    return performed
  }

  func begun(
    _ record: TurnRecord, limits: Limits.OperationLimits = .standard, wantsCleanup: Bool = false
  ) -> (OperationMachine, [Action]) {
    var machine = OperationMachine(
      limits: limits, wantsCleanup: wantsCleanup, seed: 1, journal: JournalQueue(start: start))
    _ = machine.startTurn(now: 100)
    let actions = machine.finishTurn(record, isAlive: true)
    return (machine, actions)
  }

  /// A machine that goes on from `entries`, after the turns in `records`.
  func resumed(
    _ entries: [JournalEntry], _ records: [TurnRecord], now: UInt64 = 1_000, wantsCleanup: Bool = false
  ) throws -> (OperationMachine, [Action]) {
    var machine = OperationMachine(
      limits: .standard, wantsCleanup: wantsCleanup, seed: 1, journal: JournalQueue(start: nil),
      replay: try OperationReplay(entries))
    var actions: [Action] = []
    for record in records {
      _ = machine.startTurn(now: now)
      actions = machine.finishTurn(record, isAlive: true)
    }
    return (machine, actions)
  }

  func entries(_ actions: [Action]) -> [JournalEntry] {
    for case .append(let entries) in actions { return entries }
    return []
  }

  func outcome(_ actions: [Action]) -> OperationReport.Outcome? {
    for case .report(let outcome) in actions { return outcome }
    return nil
  }

  func isPerforming(_ actions: [Action]) -> [UInt64] {
    actions.compactMap { if case .perform(let id, _) = $0 { id } else { nil } }
  }

  func push(_ id: UInt64, _ effect: Effect) -> JournalPush {
    JournalPush.list([.effect(id, effect)], isWrite: { $0.method == "POST" }, digest: { $0 })[0]
  }

  func turn(_ clock: UInt64, _ events: [Event] = [], _ effects: (UInt64, Effect)...) -> JournalEntry {
    .turn(JournalTurn(clock: clock, events: events, pushes: effects.map { push($0.0, $0.1) }))
  }

  func intent(_ id: UInt64, _ effect: Effect) -> JournalEntry {
    .intent(JournalIntent(effect: id, fingerprint: EffectFingerprint.of(effect, digest: { $0 })))
  }

  // MARK: Recording

  @Test func operationThatOnlyReadsIsNeverStored() {
    var (machine, actions) = begun(.pushing(.effect(1, read), .effect(2, .timer(.seconds(1)))))
    #expect(entries(actions).isEmpty)
    actions = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 101)
    #expect(entries(machine.finishTurn(.done, isAlive: true)).isEmpty)
  }

  @Test func writeIsPerformedOnlyAfterItsIntentIsStored() {
    var (machine, actions) = begun(.pushing(.effect(1, read), .effect(2, write)))
    #expect(isPerforming(actions) == [1])
    #expect(
      entries(actions) == [.start(start), turn(100, [], (1, read), (2, write)), intent(2, write)])
    #expect(isPerforming(machine.appended(.stored)) == [2])
  }

  @Test func writesOfOneTurnShareOneAppend() {
    var (machine, actions) = begun(.pushing(.effect(1, write), .effect(2, other)))
    #expect(entries(actions).count == 4)
    #expect(isPerforming(machine.appended(.stored)) == [1, 2])
  }

  @Test func turnsBeforeTheFirstWriteAreStoredWithIt() {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 101, deadlineShift: 4)
    let actions = machine.finishTurn(
      .pushing(.emit(stream: "s", .json([])), .effect(2, write)), isAlive: true)
    let second = JournalTurn(
      clock: 101, deadlineShift: 4, events: [Event(effect: 1, .timer)], pushes: [push(2, write)], emits: 1)
    #expect(
      entries(actions) == [.start(start), turn(100, [], (1, read)), .turn(second), intent(2, write)])
  }

  @Test func resultIsStoredBeforeItIsDelivered() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    let event = Event(effect: 1, .http(written.answer))
    let arrived = machine.arrived(event, performed: written)
    #expect(arrived == [.append([.result(JournalResult(event, performedWrite: true))])])
    let stored = machine.appended(.stored)
    #expect(stored == [.scheduleTurn])
    let started = machine.startTurn(now: 102)
    #expect(started?.0 == .resume([event]))
  }

  @Test func oneAppendIsUnderWayAtATime() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    let arrived = machine.arrived(Event(effect: 2, .timer))
    #expect(arrived == [.scheduleTurn])
    _ = machine.startTurn(now: 101)
    let actions = machine.finishTurn(.pushing(.effect(3, other)), isAlive: true)
    #expect(actions.isEmpty)
    let next = machine.appended(.stored)
    #expect(isPerforming(next) == [1])
    #expect(entries(next).count == 2)
    #expect(isPerforming(machine.appended(.stored)) == [3])
  }

  @Test func requestThatTheManifestCallsAReadHasNoIntent() {
    var machine = OperationMachine(
      limits: .standard, wantsCleanup: false, seed: 1, journal: JournalQueue(start: start))
    _ = machine.startTurn(now: 100)
    let record = TurnRecord.pushing(.effect(1, write))
    let actions = machine.finishTurn(
      record, isAlive: true, pushes: JournalPush.list(record.pushes, isWrite: { _ in false }, digest: { $0 }))
    #expect(actions == [.perform(1, write)])
  }

  @Test func cancelWhileAResultIsStoredLeavesTheOutcomeUnknown() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    let event = Event(effect: 1, .http(written.answer))
    _ = machine.arrived(event, performed: written)
    _ = machine.cancel(.cancelled, "cancelled")
    #expect(machine.report.error?.code == .unknownOutcome)
  }

  // MARK: A store that refuses

  @Test func failedAppendNeverLetsTheWriteOut() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    let actions = machine.appended(.failed("the disk is full"))
    #expect(isPerforming(actions).isEmpty)
    guard case .failed(let error) = try #require(outcome(actions)) else { return }
    #expect(error.code == .internal && error.retry == .safe)
    #expect(!machine.report.performedWrite)
  }

  @Test func failedAppendAfterAWriteDoesNotInviteARepeat() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    _ = machine.arrived(Event(effect: 1, .timer), performed: written)
    let actions = machine.appended(.failed("the disk is full"))
    guard case .failed(let error) = try #require(outcome(actions)) else { return }
    #expect(error.code == .internal && error.retry == .unknownOutcome)
    #expect(machine.report.performedWrite)
  }

  @Test func fencedOperationJustEnds() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    let actions = machine.appended(.fenced)
    #expect(actions == [.cancel(1), .cancel(2), .endConnector, .report(.fenced)])
  }

  @Test func fencedDuringATurnEndsWithIt() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    _ = machine.arrived(Event(effect: 2, .timer))
    _ = machine.startTurn(now: 101)
    let during = machine.appended(.fenced)
    #expect(during == [.cancel(1)])
    let after = machine.finishTurn(.pushing(.effect(3, write)), isAlive: true)
    #expect(after == [.endConnector, .report(.fenced)])
  }

  // MARK: Replay

  @Test func replayPerformsNothingAndGoesOnLive() throws {
    let first = Event(effect: 1, .timer)
    let (machine, actions) = try resumed(
      [.start(start), turn(100, [], (1, read)), turn(105, [first], (2, write)), intent(2, write)],
      [.pushing(.effect(1, read)), .pushing(.effect(2, write))])
    #expect(actions == [.scheduleTurn])
    #expect(machine.inbox.map(\.effect) == [2])
    #expect(machine.report.wasReplayed && machine.report.performedWrite)
  }

  @Test func replayedTurnIsGivenWhatItWasGiven() throws {
    var machine = OperationMachine(
      limits: .standard, wantsCleanup: false, seed: 1, journal: JournalQueue(start: nil),
      replay: try OperationReplay([
        .start(start), turn(100, [], (1, read)), turn(105, [Event(effect: 1, .timer)]),
      ]))
    let first = machine.startTurn(now: 900)
    #expect(first?.0 == .begin && first?.1.unixNanoseconds == 100)
    let next = machine.finishTurn(.pushing(.effect(1, read)), isAlive: true)
    #expect(next == [.scheduleTurn])
    let second = machine.startTurn(now: 901)
    #expect(second?.0 == .resume([Event(effect: 1, .timer)]) && second?.1.unixNanoseconds == 105)
  }

  @Test func everyOpenEndIsTakenUpAsItStood() throws {
    let known = Event(effect: 4, .http(written.answer))
    let timer = Effect.timer(.nanoseconds(2_000))
    let state = Effect.keyValue(.init(.get, key: "k"))
    let pushes: [(UInt64, Effect)] = [
      (1, read), (2, timer), (3, write), (4, other), (5, write), (6, other), (7, state), (8, write),
    ]
    let (machine, actions) = try resumed(
      [
        .start(start), .turn(JournalTurn(clock: 100, pushes: pushes.map { push($0.0, $0.1) })),
        intent(5, write), intent(4, other), intent(3, write), intent(6, other),
        .deferred(JournalDeferral(effect: 6, until: 3_000)),
        .result(JournalResult(known, performedWrite: true)),
      ], [TurnRecord(pushes: pushes.map { .effect($0.0, $0.1) })], now: 1_000)
    // Reads and state run again, the timer for its rest, the write that never had an intent gets one.
    #expect(actions.contains(.perform(1, read)) && actions.contains(.perform(7, state)))
    #expect(actions.contains(.perform(2, .timer(.nanoseconds(1_100)))))
    #expect(actions.contains(.wake(6, after: .nanoseconds(2_000))))
    #expect(entries(actions) == [intent(8, write)])
    #expect(isPerforming(actions).sorted() == [1, 2, 7])
    // What is known and what is not come back together, in the order of their effects.
    #expect(machine.inbox.map(\.effect) == [3, 4, 5])
    let codes = machine.inbox.map { event in
      if case .http(let answer) = event.kind { answer.outcome } else { OutcomeCode.internal }
    }
    #expect(codes == [.unknownOutcome, .ok, .unknownOutcome])
    #expect(machine.pushTime(of: 7) == 100)
  }

  @Test func deferredWriteIsPerformedWhenItsTimeHasCome() throws {
    let record = [
      JournalEntry.start(start), turn(100, [], (1, write)), intent(1, write),
      .deferred(JournalDeferral(effect: 1, until: 500)),
    ]
    var (machine, actions) = try resumed(record, [.pushing(.effect(1, write))], now: 500)
    #expect(entries(actions) == [intent(1, write)])
    #expect(!machine.report.performedWrite)
    #expect(isPerforming(machine.appended(.stored)) == [1])
  }

  @Test func emitsOnRecordAreDropped() throws {
    let emit = TurnRecord.Push.emit(stream: "s", .json([]))
    let first = JournalEntry.turn(JournalTurn(clock: 100, pushes: [push(1, write)], emits: 2))
    var (machine, _) = try resumed(
      [.start(start), first, intent(1, write)], [.pushing(emit, .effect(1, write), emit)])
    _ = machine.startTurn(now: 1_001)
    _ = machine.finishTurn(.pushing(emit, .complete(.json([]))), isAlive: true)
    #expect(machine.report.records.count == 1)
  }

  @Test(
    arguments: [
      ([], "effect 2: it no longer asked for a write"),
      ([(2, "/x")], "effect 2: it asked for a write, but not the same"),
      ([(2, "/w"), (3, "/w")], "effect 3: it asked for a write, which it did not before"),
      ([(3, "/w")], "effect 2: it asked for a write instead of a write"),
    ] as [([(UInt64, String)], String)])
  func differenceStopsTheOperationAndIsNamed(pushes: [(UInt64, String)], words: String) throws {
    let (machine, actions) = try resumed(
      [
        .start(start), turn(100, [], (1, read)), turn(101, [Event(effect: 1, .timer)], (2, write)),
        intent(2, write),
      ],
      [.pushing(.effect(1, read)), TurnRecord(pushes: pushes.map { .effect($0.0, .http(.write($0.1))) })])
    guard case .failed(let error) = try #require(outcome(actions)) else { return }
    #expect(error.code == .unknownOutcome)
    #expect(error.message.contains("S-6") && error.message.contains("turn 2, \(words)"), "\(error)")
    #expect(machine.report.differedOnReplay)
    #expect(isPerforming(actions).isEmpty)
  }

  @Test func turnThatEndsOrBreaksOnlyWhenReplayedIsADifference() throws {
    for record in [
      TurnRecord.done, TurnRecord(violations: [RuleViolation("S-2", "twice")]), TurnRecord(status: .internal),
    ] {
      let (machine, _) = try resumed([.start(start), turn(100, [], (1, write)), intent(1, write)], [record])
      #expect(machine.report.differedOnReplay)
      #expect(machine.report.error?.code == .unknownOutcome)
    }
  }

  @Test func cancelDuringAReplayWaitsForItsEnd() throws {
    let record = [JournalEntry.start(start), turn(100, [], (1, write)), intent(1, write)]
    var machine = OperationMachine(
      limits: .standard, wantsCleanup: false, seed: 1, journal: JournalQueue(start: nil),
      replay: try OperationReplay(record))
    _ = machine.startTurn(now: 1_000)
    #expect(machine.cancel(.cancelled, "cancelled").isEmpty)
    let actions = machine.finishTurn(.pushing(.effect(1, write)), isAlive: true)
    // Nobody knows what became of the write.
    #expect(machine.report.error?.code == .unknownOutcome)
    #expect(isPerforming(actions).isEmpty)
  }

  @Test func replayedCancelKeepsItsReason() throws {
    let stop = JournalStop(.timeout, "late")
    let cancel = JournalTurn(
      clock: 101, events: [Event(effect: 0, .cancel)], stop: stop, pushes: [push(2, other)])
    var (machine, actions) = try resumed(
      [.start(start), turn(100, [], (1, write)), intent(1, write), .turn(cancel), intent(2, other)],
      [.pushing(.effect(1, write)), .pushing(.effect(2, other))], wantsCleanup: true)
    #expect(actions.contains(.startGrace(OperationMachine.grace)))
    _ = machine.startTurn(now: 1_001)
    _ = machine.finishTurn(.pushing(.fail(OperationError(.cancelled, "done"))), isAlive: true)
    // The write that was given up with the stop never told.
    let error = try #require(machine.report.error)
    #expect(error.code == .unknownOutcome && error.message.contains("late"))
  }
}
