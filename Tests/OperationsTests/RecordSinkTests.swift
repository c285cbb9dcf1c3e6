import ConnectorModel
import Manifest
import Ports
import Testing

@testable import Operations

/// Records that go to a sink while the operation runs.
@Suite struct RecordSinkTests {
  private let read = Effect.http(.read("/a"))

  private func record(_ text: String) -> Payload { .json(Array(text.utf8)) }

  private func begun(_ pushes: TurnRecord.Push...) -> (OperationMachine, [OperationMachine.Action]) {
    var machine = OperationMachine(limits: .standard, wantsCleanup: false, seed: 1, hasSink: true)
    _ = machine.startTurn(now: 0)
    let actions = machine.finishTurn(TurnRecord(pushes: pushes), isAlive: true)
    return (machine, actions)
  }

  @Test func nextTurnWaitsForTheSink() {
    var (machine, actions) = begun(.emit(stream: "record", record("1")), .effect(1, read))
    #expect(actions == [.handOver([.init(stream: "record", payload: record("1"))]), .perform(1, read)])
    #expect(machine.report.records.isEmpty)
    var next = machine.arrived(Event(effect: 1, .timer))
    #expect(next.isEmpty)
    next = machine.handedOver(.taken(held: 1, bytes: 1, isProgress: false))
    #expect(next == [.scheduleTurn])
  }

  @Test func endDoesNotWaitForTheSink() {
    let (machine, actions) = begun(.emit(stream: "record", record("1")), .complete(record("{}")))
    #expect(actions.first == .handOver([.init(stream: "record", payload: record("1"))]))
    #expect(actions.last == .report(.succeeded(record("{}"))))
    #expect(machine.hasEnded)
  }

  @Test func refusalEndsTheOperation() {
    var (machine, _) = begun(.emit(stream: "record", record("1")), .effect(1, read))
    let error = OperationError(.protocol, "no record")
    let actions = machine.handedOver(.refused(error))
    #expect(actions == [.cancel(1), .endConnector, .report(.failed(error))])
  }

  @Test func whatTheSinkHoldsIsLeftOutOfTheAllowance() throws {
    var (machine, _) = begun(.emit(stream: "record", record("1")), .effect(1, read))
    _ = machine.handedOver(.taken(held: 7, bytes: 100, isProgress: false))
    _ = machine.arrived(Event(effect: 1, .timer))
    let started = machine.startTurn(now: 0)
    let turn = try #require(started).1
    #expect(turn.emitAllowance == OperationMachine.emitLimit - 7)
    #expect(turn.emitByteAllowance == OperationMachine.handOverBytesLimit - 100)
    #expect(turn.effectAllowance == Limits.OperationLimits.standard.effects - 1)
  }

  @Test func progressGivesNewEffects() throws {
    var (machine, _) = begun(.emit(stream: "checkpoint", record("{}")), .effect(1, read))
    _ = machine.arrived(Event(effect: 1, .timer))
    _ = machine.handedOver(.taken(held: 0, bytes: 0, isProgress: true))
    let started = machine.startTurn(now: 0)
    let turn = try #require(started).1
    #expect(turn.effectAllowance == Limits.OperationLimits.standard.effects)
    #expect(turn.emitAllowance == OperationMachine.emitLimit)
  }

  @Test func cancelDoesNotWaitForTheSink() {
    var (machine, _) = begun(.emit(stream: "record", record("1")), .effect(1, read))
    let actions = machine.cancel(.cancelled, "enough")
    #expect(actions.contains(.report(.failed(OperationError(.cancelled, "enough")))))
    let late = machine.handedOver(.taken(held: 0, bytes: 0, isProgress: true))
    #expect(late.isEmpty)
  }
}
