import ConnectorModel
import Ports
import Testing

@testable import Operations

// Parking, suspending, and what a cancel leaves behind.
extension JournalMachineTests {
  @Test func longTimerParksAnOperationThatWrote() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    _ = machine.arrived(Event(effect: 1, .timer), performed: written)
    _ = machine.appended(.stored)
    _ = machine.startTurn(now: 200)
    let actions = machine.finishTurn(.pushing(.effect(2, .timer(.seconds(60)))), isAlive: true)
    #expect(entries(actions).count == 1)
    let end = machine.appended(.stored)
    #expect(end == [.cancel(2), .endConnector, .report(.parked(until: 60_000_000_200))])
  }

  @Test func longTimerBeforeAnyWriteIsARateLimit() throws {
    let (machine, actions) = begun(.pushing(.effect(1, .timer(.seconds(60)))))
    #expect(entries(actions).isEmpty)
    let error = try #require(machine.report.error)
    #expect(error.code == .rateLimited && error.retry == .after(.seconds(60)))
  }

  @Test func longTimerBesideSomethingElseIsWaitedFor() {
    let (machine, _) = begun(.pushing(.effect(1, .timer(.seconds(60))), .effect(2, read)))
    #expect(!machine.hasEnded)
  }

  @Test func refusedWriteParksWithADeferral() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    _ = machine.arrived(Event(effect: 1, .timer), performed: written)
    _ = machine.appended(.stored)
    _ = machine.startTurn(now: 200)
    _ = machine.finishTurn(.pushing(.effect(2, other)), isAlive: true)
    _ = machine.appended(.stored)
    let actions = machine.postponed(2, until: 9_000, now: 300, performed: .ok)
    #expect(entries(actions) == [.deferred(JournalDeferral(effect: 2, until: 9_000))])
    #expect(machine.appended(.stored).last == .report(.parked(until: 9_000)))
  }

  @Test func refusedFirstWriteIsARateLimit() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    _ = machine.postponed(1, until: 60_000_000_300, now: 300, performed: .ok)
    let error = try #require(machine.report.error)
    #expect(error.code == .rateLimited && error.retry == .after(.seconds(60)))
    #expect(!machine.report.performedWrite)
  }

  @Test(arguments: [WaitCause.network, .circuit])
  func whatCouldNotBeSentParksWhetherTheOperationWroteOrNot(_ cause: WaitCause) {
    let outage = PerformedHTTP(
      answer: HTTPAnswer(outcome: .network), askedToWait: .seconds(1), waitCause: cause)
    var (reader, _) = begun(.pushing(.effect(1, read)))
    let told = reader.postponed(1, until: 9_000, now: 300, performed: outage)
    #expect(entries(told).isEmpty)
    #expect(told.last == .report(.parked(until: 9_000, cause: cause)))

    var (writer, _) = begun(.pushing(.effect(1, write)))
    _ = writer.appended(.stored)
    let actions = writer.postponed(1, until: 9_000, now: 300, performed: outage)
    #expect(entries(actions) == [.deferred(JournalDeferral(effect: 1, until: 9_000))])
    #expect(writer.appended(.stored).last == .report(.parked(until: 9_000, cause: cause)))
    #expect(!writer.report.performedWrite)
  }

  @Test func refusedWriteThatIsDueWhileOthersRunIsSentWithAnotherIntent() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    _ = machine.appended(.stored)
    let postponed = machine.postponed(1, until: 400, now: 300, performed: .ok)
    #expect(postponed.first == .wake(1, after: .nanoseconds(100)))
    _ = machine.appended(.stored)
    let woken = machine.woke(1)
    #expect(entries(woken) == [intent(1, write)])
    #expect(isPerforming(machine.appended(.stored)) == [1])
  }

  @Test func suspendedBeforeAnyWriteStoresNothing() {
    var (machine, _) = begun(.pushing(.effect(1, read), .effect(2, .timer(.seconds(1)))))
    let actions = machine.suspend()
    #expect(actions == [.cancel(1), .cancel(2), .endConnector, .report(.suspended)])
  }

  @Test func suspensionWaitsForAWriteThatWasSent() {
    var (machine, _) = begun(.pushing(.effect(1, write), .effect(2, read)))
    _ = machine.appended(.stored)
    let suspended = machine.suspend()
    #expect(suspended == [.cancel(2)])
    let arrived = machine.arrived(Event(effect: 1, .timer), performed: written)
    #expect(entries(arrived).count == 1)
    let stored = machine.appended(.stored)
    #expect(stored == [.endConnector, .report(.suspended)])
  }

  @Test func suspensionTakesAnIntentBackThatWasNotPerformed() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    let suspended = machine.suspend()
    #expect(suspended == [.cancel(1)])
    let stored = machine.appended(.stored)
    #expect(isPerforming(stored).isEmpty)
    #expect(entries(stored) == [.deferred(JournalDeferral(effect: 1, until: 0))])
    #expect(machine.appended(.stored).last == .report(.suspended))
  }

  @Test func suspensionDuringATurnStoresItAndStartsNothing() {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.appended(.stored)
    _ = machine.arrived(Event(effect: 1, .timer), performed: written)
    _ = machine.appended(.stored)
    _ = machine.startTurn(now: 200)
    #expect(machine.suspend().isEmpty)
    let actions = machine.finishTurn(.pushing(.effect(2, other), .effect(3, read)), isAlive: true)
    #expect(isPerforming(actions).isEmpty)
    #expect(entries(actions) == [turn(200, [Event(effect: 1, .timer)], (2, other), (3, read))])
    #expect(machine.appended(.stored).last == .report(.suspended))
  }

  @Test func outcomeInTheTurnOfASuspensionStands() {
    var (machine, _) = begun(.pushing(.effect(1, read)))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.startTurn(now: 200)
    _ = machine.suspend()
    #expect(outcome(machine.finishTurn(.done, isAlive: true)) == .succeeded(.json(Array("{}".utf8))))
  }

  @Test func writeWhoseIntentWaitsIsNotUnknownWhenCancelled() throws {
    var (machine, _) = begun(.pushing(.effect(1, write)))
    _ = machine.cancel(.cancelled, "cancelled")
    #expect(try #require(machine.report.error).code == .cancelled)
    #expect(!machine.report.performedWrite)
  }

  @Test func downtimeDoesNotCountAgainstTheDeadline() throws {
    let replay = try OperationReplay([
      .start(start), .turn(JournalTurn(clock: 100)), .turn(JournalTurn(clock: 150, deadlineShift: 20)),
    ])
    #expect(replay.deadline(at: 10_000) == 10_000 + 300 + 20 - 150)
  }

  @Test func entriesThatAreNoJournalAreRefused() {
    let bad: [[JournalEntry]] = [
      [], [.start(start)], [turn(100)], [.start(start), turn(100), .start(start)],
      [.start(start), turn(100, [Event(effect: 1, .timer)])],
    ]
    for entries in bad { #expect(throws: JournalError.self) { try OperationReplay(entries) } }
  }
}
