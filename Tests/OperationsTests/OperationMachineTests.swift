import ConnectorModel
import Manifest
import Ports
import Testing

@testable import Operations

/// Named after the arrows of docs/states.md.
@Suite struct OperationMachineTests {
  private func begun(
    _ record: TurnRecord, limits: Limits.OperationLimits = .standard, wantsCleanup: Bool = false
  ) -> (OperationMachine, [OperationMachine.Action]) {
    var machine = OperationMachine(limits: limits, wantsCleanup: wantsCleanup, seed: 1)
    _ = machine.startTurn(now: 0)
    let actions = machine.finishTurn(record, isAlive: true)
    return (machine, actions)
  }

  private func failure(_ actions: [OperationMachine.Action]) -> OperationError? {
    for case .report(.failed(let error)) in actions { return error }
    return nil
  }

  private let read = Effect.http(.read("/a"))
  private let write = Effect.http(.write("/a"))

  @Test func turnWithATerminalEndsTheOperation() {
    let (machine, actions) = begun(.done)
    #expect(actions == [.endConnector, .report(.succeeded(.json(Array("{}".utf8))))])
    #expect(machine.hasEnded)
  }

  @Test func turnWithAnEffectWaitsForIt() {
    var (machine, actions) = begun(.pushing(.effect(1, read)))
    #expect(actions == [.perform(1, read)])
    let result1 = machine.arrived(Event(effect: 1, .timer))
    #expect(result1 == [.scheduleTurn])
    let result2 = machine.startTurn(now: 5)
    #expect(result2?.0 == .resume([Event(effect: 1, .timer)]))
  }

  @Test func turnWithNeitherIsAStall() throws {
    let error = try #require(failure(begun(TurnRecord()).1))
    #expect(error.code == .protocol && error.message.contains("S-1"))
  }

  @Test func firstTurnWithoutAnOperationMustEndIt() throws {
    var machine = OperationMachine(limits: .standard, wantsCleanup: false, seed: 1)
    _ = machine.startTurn(now: 0)
    let actions = machine.finishTurn(.pushing(.effect(1, read)), isAlive: false)
    let error = try #require(failure(actions))
    #expect(error.message.contains("L-3"))
    #expect(!actions.contains(.endConnector))
  }

  @Test func violationStopsWithItsRuleAndDropsThePushes() throws {
    let record = TurnRecord(
      pushes: [.effect(1, write), .complete(.json([]))], violations: [RuleViolation("S-2", "pushed twice")])
    let actions = begun(record).1
    #expect(try #require(failure(actions)).message.contains("S-2"))
    #expect(!actions.contains(.perform(1, write)))
  }

  @Test func brokenMachineryFailsWithItsCodeAndDropsThePushes() throws {
    let actions = begun(TurnRecord(status: .internal, pushes: [.effect(1, write)])).1
    #expect(try #require(failure(actions)).code == .internal)
    #expect(!actions.contains(.perform(1, write)))
  }

  @Test func effectsOverTheParallelLimitWaitInOrder() {
    var limits = Limits.OperationLimits.standard
    limits.parallel = 2
    var (machine, actions) = begun(
      .pushing(.effect(1, read), .effect(2, read), .effect(3, read)), limits: limits)
    #expect(actions == [.perform(1, read), .perform(2, read)])
    let result3 = machine.arrived(Event(effect: 2, .timer))
    #expect(result3.first == .perform(3, read))
  }

  @Test func allowanceShrinksWithEachEffect() throws {
    var limits = Limits.OperationLimits.standard
    limits.effects = 3
    var (machine, _) = begun(.pushing(.effect(1, read), .effect(2, read)), limits: limits)
    _ = machine.arrived(Event(effect: 1, .timer))
    let started = machine.startTurn(now: 0)
    let turn = try #require(started?.1)
    #expect(turn.effectAllowance == 1)
    #expect(turn.firstEffect == 3)
  }

  @Test func resultsDuringATurnAreDeliveredTogetherAfterIt() {
    var (machine, _) = begun(.pushing(.effect(1, read), .effect(2, read), .effect(3, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    let result4 = machine.arrived(Event(effect: 3, .timer))
    #expect(result4 == [])
    let result5 = machine.arrived(Event(effect: 2, .timer))
    #expect(result5 == [])
    let result6 = machine.finishTurn(TurnRecord(), isAlive: true)
    #expect(result6 == [.scheduleTurn])
    let result7 = machine.startTurn(now: 0)
    #expect(result7?.0 == .resume([Event(effect: 3, .timer), Event(effect: 2, .timer)]))
  }

  @Test func givenUpEffectSendsNoEvent() {
    var (machine, _) = begun(.pushing(.effect(1, read), .effect(2, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    let result8 = machine.finishTurn(.pushing(.cancelEffect(2), .effect(3, read)), isAlive: true)
    #expect(result8.first == .cancel(2))
    let result9 = machine.arrived(Event(effect: 2, .timer))
    #expect(result9 == [])
  }

  @Test func cancelWithoutCleanUpEndsAtOnce() throws {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    let actions = machine.cancel(.cancelled, "cancelled")
    #expect(actions.first == .cancel(1))
    #expect(try #require(failure(actions)).code == .cancelled)
    #expect(actions.contains(.endConnector))
  }

  /// It was begun with nothing to deliver, which no connector expects; the fuzzer found it.
  @Test func cancelDuringAWriteTakesBackATurnThatWasDue() throws {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    let arrived = machine.arrived(Event(effect: 2, .timer))
    #expect(arrived == [.scheduleTurn])
    _ = machine.cancel(.cancelled, "cancelled")
    let turn = machine.startTurn(now: 1)
    #expect(turn == nil)
    let end = machine.arrived(Event(effect: 1, .timer))
    #expect(try #require(failure(end)).code == .unknownOutcome)
  }

  @Test func cancelDuringAWriteIsAnUnknownOutcome() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    let stopped = machine.cancel(.timeout, "the deadline passed")
    #expect(stopped == [.cancel(1), .startGrace(OperationMachine.grace)])
    let actions = machine.graceEnded()
    let error = try #require(failure(actions))
    #expect(error.code == .unknownOutcome && error.retry == .unknownOutcome)
    #expect(machine.report.performedWrite)
  }

  @Test func writeThatWasNeverSentMakesNoOutcomeUnknown() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.cancel(.timeout, "late")
    let actions = machine.arrived(Event(effect: 1, .timer), performed: .ok)
    let error = try #require(failure(actions))
    #expect(error.code == .timeout && error.retry == .safe)
    #expect(!machine.report.performedWrite)
  }

  @Test func writeThatTellsAfterTheCancelThatItLeftIsUnknown() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)), wantsCleanup: true)
    _ = machine.cancel(.cancelled, "cancelled")
    _ = machine.startTurn(now: 0)
    let cleanUp = machine.finishTurn(.pushing(.fail(OperationError(.cancelled, "done"))), isAlive: true)
    #expect(cleanUp == [])
    var performed = PerformedHTTP.ok
    performed.performedWrite = true
    let actions = machine.arrived(Event(effect: 1, .timer), performed: performed)
    let error = try #require(failure(actions))
    #expect(error.code == .unknownOutcome)
    #expect(error.message == "cancelled while a request was under way that may have taken effect")
  }

  @Test func cancelWithCleanUpDeliversOneEventAndKeepsTheReason() throws {
    var (machine, _) = begun(.pushing(.effect(1, read)), wantsCleanup: true)
    let actions = machine.cancel(.timeout, "late")
    #expect(actions == [.cancel(1), .startGrace(OperationMachine.grace), .scheduleTurn])
    let result10 = machine.cancel(.cancelled, "again")
    #expect(result10 == [])
    let result11 = machine.startTurn(now: 0)
    #expect(result11?.0 == .resume([Event(effect: 0, .cancel)]))
    let result12 = machine.finishTurn(.pushing(.effect(2, write)), isAlive: true)
    #expect(result12 == [.perform(2, write)])
    _ = machine.arrived(Event(effect: 2, .timer))
    _ = machine.startTurn(now: 0)
    let end = machine.finishTurn(.pushing(.fail(OperationError(.cancelled, "done"))), isAlive: true)
    #expect(try #require(failure(end)).code == .timeout)
  }

  @Test func effectsPushedBeforeTheConnectorKnowsAreNotPerformed() {
    var (machine, _) = begun(.pushing(.effect(1, read)), wantsCleanup: true)
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    _ = machine.cancel(.cancelled, "cancelled")
    let result13 = machine.finishTurn(.pushing(.effect(2, write)), isAlive: true)
    #expect(result13 == [.scheduleTurn])
    let result14 = machine.startTurn(now: 0)
    #expect(result14?.0 == .resume([Event(effect: 0, .cancel)]))
  }

  @Test func graceEndsACleanUpThatTakesTooLong() throws {
    var (machine, _) = begun(.pushing(.effect(1, read)), wantsCleanup: true)
    _ = machine.cancel(.cancelled, "cancelled")
    _ = machine.startTurn(now: 0)
    _ = machine.finishTurn(.pushing(.effect(2, read)), isAlive: true)
    let actions = machine.graceEnded()
    #expect(actions.contains(.endConnector))
    #expect(try #require(failure(actions)).code == .cancelled)
  }

  @Test func cancelBeforeTheFirstTurnNeverCallsTheConnector() throws {
    var machine = OperationMachine(limits: .standard, wantsCleanup: true, seed: 1)
    let actions = machine.cancel(.cancelled, "cancelled")
    #expect(try #require(failure(actions)).code == .cancelled)
    let result15 = machine.startTurn(now: 0)
    #expect(result15?.0 == nil)
  }

  @Test func abandonedOperationIsNotEnded() throws {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    let actions = machine.abandon(OperationError(.protocol, "S-7"))
    #expect(!actions.contains(.endConnector))
    let result16 = machine.finishTurn(.done, isAlive: true)
    #expect(result16 == [])
  }

  @Test func successInTheTurnOfACancelIsASuccess() {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    _ = machine.cancel(.cancelled, "cancelled")
    let actions = machine.finishTurn(.done, isAlive: true)
    #expect(actions.contains(.report(.succeeded(.json(Array("{}".utf8))))))
  }

  @Test func randomSequenceGoesOnFromTurnToTurn() throws {
    var generator = SplitMix64(seed: 1)
    _ = generator.next()
    var machine = OperationMachine(limits: .standard, wantsCleanup: false, seed: 1)
    _ = machine.startTurn(now: 0)
    _ = machine.finishTurn(TurnRecord(pushes: [.effect(1, read)], random: generator), isAlive: true)
    _ = machine.arrived(Event(effect: 1, .timer))
    let started = machine.startTurn(now: 0)
    var next = try #require(started?.1.random)
    #expect(next.next() == generator.next())
  }

  @Test func turnThatOutlivesTheGraceTimeIsTheLast() throws {
    var (machine, _) = begun(.pushing(.effect(1, read)), wantsCleanup: true)
    _ = machine.cancel(.cancelled, "cancelled")
    _ = machine.startTurn(now: 0)
    let during = machine.graceEnded()
    #expect(during == [])
    let actions = machine.finishTurn(.pushing(.effect(2, .timer(.seconds(3_600)))), isAlive: true)
    #expect(try #require(failure(actions)).code == .cancelled)
    #expect(actions.contains(.endConnector))
  }

  @Test func writeThatTheConnectorGivesUpCountsAsPerformed() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    _ = machine.arrived(Event(effect: 2, .timer))
    _ = machine.startTurn(now: 0)
    _ = machine.finishTurn(.pushing(.cancelEffect(1), .fail(OperationError(.upstream, "no"))), isAlive: true)
    #expect(machine.report.performedWrite)
  }

  @Test func exchangeThatWasGivenUpIsStillCounted() {
    var (machine, _) = begun(.pushing(.effect(1, read), .effect(2, read)), wantsCleanup: true)
    _ = machine.cancel(.cancelled, "cancelled")
    _ = machine.arrived(Event(effect: 1, .timer), performed: .ok)
    #expect(machine.report.requests == 1)
  }

  @Test func timeoutAfterAWriteDoesNotInviteARepeat() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    var performed = PerformedHTTP.ok
    performed.performedWrite = true
    _ = machine.arrived(Event(effect: 1, .timer), performed: performed)
    _ = machine.startTurn(now: 0)
    _ = machine.finishTurn(.pushing(.effect(2, read)), isAlive: true)
    let actions = machine.cancel(.timeout, "late")
    let error = try #require(failure(actions))
    #expect(error.code == .timeout && error.retry == .unknownOutcome)
  }

  private func answer(_ outcome: OutcomeCode) -> (Event, PerformedHTTP) {
    var performed = PerformedHTTP.ok
    performed.performedWrite = true
    return (Event(effect: 1, .http(HTTPAnswer(outcome: outcome))), performed)
  }

  @Test func cancelLeavesTheResultsOfWritesToTheConnector() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)), wantsCleanup: true)
    let (event, performed) = answer(.ok)
    _ = machine.arrived(event, performed: performed)
    _ = machine.arrived(Event(effect: 2, .timer))
    _ = machine.cancel(.cancelled, "cancelled")
    let started = machine.startTurn(now: 0)
    #expect(started?.0 == .resume([event, Event(effect: 0, .cancel)]))
  }

  @Test(arguments: [false, true]) func stopBeforeAnUnknownWriteIsResolvedIsAnUnknownOutcome(
    wantsCleanup: Bool
  ) throws {
    let (event, performed) = answer(.unknownOutcome)
    func looking() -> OperationMachine {
      var (machine, _) = begun(.pushing(.effect(1, write)), wantsCleanup: wantsCleanup)
      _ = machine.arrived(event, performed: performed)
      _ = machine.startTurn(now: 0)
      _ = machine.finishTurn(.pushing(.effect(2, read)), isAlive: true)
      return machine
    }
    for code in [OutcomeCode.cancelled, .timeout] {
      var machine = looking()
      var actions = machine.cancel(code, "stopped")
      if wantsCleanup {
        _ = machine.startTurn(now: 0)
        actions = machine.finishTurn(.pushing(.fail(OperationError(.cancelled, "done"))), isAlive: true)
      }
      let error = try #require(failure(actions))
      #expect(error.code == .unknownOutcome && error.retry == .unknownOutcome)
    }
    var broken = looking()
    _ = broken.arrived(Event(effect: 2, .timer))
    _ = broken.startTurn(now: 0)
    let stalled = broken.finishTurn(TurnRecord(), isAlive: true)
    #expect(try #require(failure(stalled)).code == .unknownOutcome)
    var given = looking()
    #expect(failure(given.abandon(OperationError(.protocol, "S-7")))?.code == .unknownOutcome)
  }

  @Test func cancelAfterAWriteIsOnlyCertainOnceTheConnectorHasCleanedUp() throws {
    for cleansUp in [false, true] {
      var (machine, _) = begun(.pushing(.effect(1, write)), wantsCleanup: true)
      let (event, performed) = answer(.ok)
      _ = machine.arrived(event, performed: performed)
      _ = machine.cancel(.cancelled, "cancelled")
      _ = machine.startTurn(now: 0)
      if cleansUp {
        _ = machine.finishTurn(.pushing(.effect(2, write)), isAlive: true)
        _ = machine.arrived(Event(effect: 2, .timer), performed: performed)
        _ = machine.startTurn(now: 0)
      }
      let actions = machine.finishTurn(.pushing(.fail(OperationError(.cancelled, "done"))), isAlive: true)
      let error = try #require(failure(actions))
      #expect(error.code == .cancelled && error.retry == (cleansUp ? .no : .unknownOutcome))
    }
  }

  @Test func operationThatFailsBecauseOfAnotherMayBeRepeatedUnlessItWrote() throws {
    for effect in [read, write] {
      for isOwnFault in [false, true] {
        var (machine, _) = begun(.pushing(.effect(1, effect)))
        let actions = machine.abandon(OperationError(.protocol, "S-7"), isOwnFault: isOwnFault)
        let error = try #require(failure(actions))
        #expect(error.retry == (effect == read && !isOwnFault ? .safe : .no))
      }
    }
  }

  @Test func cancelEventCannotBeGivenUp() {
    var (machine, _) = begun(.pushing(.effect(1, read)), wantsCleanup: true)
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    _ = machine.cancel(.cancelled, "cancelled")
    let actions = machine.finishTurn(.pushing(.cancelEffect(0)), isAlive: true)
    #expect(actions == [.scheduleTurn])
    let started = machine.startTurn(now: 0)
    #expect(started?.0 == .resume([Event(effect: 0, .cancel)]))
  }

  @Test func abandonedBetweenTurnsIsForgotten() {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    let actions = machine.abandon(OperationError(.protocol, "S-7"))
    #expect(actions.prefix(2) == [.abandonConnector, .cancel(1)])
    #expect(!actions.contains(.endConnector))
  }

  @Test func recordsOfOneOperationHaveABoundInBytes() throws {
    let record = Payload.bytes(
      [UInt8](repeating: 0, count: OperationMachine.emitBytesLimit / 2 + 1), contentType: "")
    var (machine, _) = begun(.pushing(.emit(stream: "a", record), .effect(1, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 0)
    let actions = machine.finishTurn(.pushing(.emit(stream: "a", record), .effect(2, read)), isAlive: true)
    #expect(try #require(failure(actions)).code == .quota)
  }

  /// Random events in random phases never start an effect twice, never act after the end, and always can end.
  @Test(arguments: 0..<200) func randomLivesKeepTheRules(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    var machine = OperationMachine(limits: .standard, wantsCleanup: seed % 2 == 0, seed: seed)
    var performed: Set<UInt64> = []
    var reports = 0
    var inTurn = false
    func take(_ actions: [OperationMachine.Action]) {
      #expect(reports == 0 || actions.isEmpty)
      for action in actions {
        if case .perform(let id, _) = action { #expect(performed.insert(id).inserted) }
        if case .report = action { reports += 1 }
      }
    }
    var next: UInt64 = 1
    for _ in 0..<60 {
      switch Int.random(in: 0..<6, using: &chance) {
      case 0, 1:
        if !inTurn, machine.startTurn(now: 0) != nil { inTurn = true }
      case 2, 3:
        guard inTurn else { continue }
        inTurn = false
        var pushes: [TurnRecord.Push] = []
        for _ in 0..<Int.random(in: 0..<4, using: &chance) {
          pushes.append(.effect(next, Bool.random(using: &chance) ? read : write))
          next += 1
        }
        take(machine.finishTurn(TurnRecord(pushes: pushes), isAlive: true))
      case 4: take(machine.arrived(Event(effect: UInt64.random(in: 1..<20, using: &chance), .timer)))
      default:
        if Int.random(in: 0..<10, using: &chance) == 0 { take(machine.cancel(.cancelled, "cancelled")) }
      }
    }
    if !machine.hasEnded { take(machine.graceEnded()) }
    if !machine.hasEnded { take(machine.abandon(OperationError(.internal, "end of test"))) }
    #expect(reports == 1)
  }
}
