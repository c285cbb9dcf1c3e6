@_spi(Testing) import ConnectorKit
import Ports
import Synchronization

/// A connector of the kit without the C table in between, for driving the driver with real Swift tasks.
final class KitConnector: StepConnector {
  let id = "kit"
  let version = "1.0.0"
  let isParallel = true
  let wantsCleanup = true
  let begun = Atomic(0)
  let ended = Atomic(0)
  private let operations: [Operation]

  init(_ operations: Operation...) { self.operations = operations }

  init(_ connector: (some Connector).Type) { operations = connector.operations }

  func begin(_ start: OperationStart, _ turn: Turn) -> (operation: (any StepOperation)?, pushed: TurnRecord) {
    begun.add(1, ordering: .relaxed)
    let made = KitOperation(self)
    guard let operation = operations.first(where: { $0.name == start.name }) else {
      return (nil, TurnRecord(status: .unsupported))
    }
    let outlet = RecordingOutlet(turn)
    made.run.begin(operation, start, outlet)
    return (made, outlet.record)
  }
}

final class KitOperation: StepOperation {
  let run = OperationRun(ConnectorConfiguration())
  private let connector: KitConnector

  init(_ connector: KitConnector) { self.connector = connector }

  func resume(_ events: [Event], _ turn: Turn) -> TurnRecord {
    let outlet = RecordingOutlet(turn)
    run.resume(events, outlet)
    return outlet.record
  }

  func end() {
    run.end()
    connector.ended.add(1, ordering: .relaxed)
  }

  func abandon() {}
}

/// Used on the turn's thread only.
final class RecordingOutlet: Outlet {
  var record: TurnRecord
  private let turn: Turn
  private var nextEffect: UInt64

  init(_ turn: Turn) {
    self.turn = turn
    record = TurnRecord(random: turn.random)
    nextEffect = turn.firstEffect
  }

  func push(_ effect: Effect) -> UInt64 {
    defer { nextEffect += 1 }
    record.pushes.append(.effect(nextEffect, effect))
    return nextEffect
  }

  func cancelEffect(_ id: UInt64) { record.pushes.append(.cancelEffect(id)) }
  func emit(_ stream: String, _ payload: Payload) -> OutcomeCode {
    record.pushes.append(.emit(stream: stream, payload))
    return .ok
  }
  func complete(_ json: [UInt8]) { record.pushes.append(.complete(.json(json))) }
  func fail(_ error: OperationError) { record.pushes.append(.fail(error)) }

  var unixNanoseconds: UInt64 { turn.unixNanoseconds }
  func random() -> UInt64 { record.random.next() }
  var shouldStop: Bool { turn.shouldStop() }
  func log(_ level: LogLevel, _ message: String, _ fields: [HeaderField]) {}
  func isLogged(_ level: LogLevel) -> Bool { false }
  func metric(_ kind: MetricKind, _ name: String, _ value: Double, _ labels: [HeaderField]) {}
}
