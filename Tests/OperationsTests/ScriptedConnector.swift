import ConnectorModel
import Manifest
import Ports
import Synchronization

@testable import Operations

/// A step connector whose turns are closures, for driving the driver.
final class ScriptedConnector: StepConnector {
  typealias Script = @Sendable (_ turn: Int, [Event], Turn) -> TurnRecord

  let id = "scripted"
  let version = "1.0.0"
  let isParallel: Bool
  let wantsCleanup: Bool
  let begins: Bool
  let script: Script
  let onEnd: @Sendable () -> Void
  let ended = Atomic(0)
  let abandoned = Atomic(0)
  let inside = Atomic(0)
  let overlaps = Atomic(0)

  init(
    isParallel: Bool = true, wantsCleanup: Bool = false, begins: Bool = true,
    onEnd: @escaping @Sendable () -> Void = {}, _ script: @escaping Script
  ) {
    self.isParallel = isParallel
    self.wantsCleanup = wantsCleanup
    self.begins = begins
    self.script = script
    self.onEnd = onEnd
  }

  func begin(_ start: OperationStart, _ turn: Turn) -> (operation: (any StepOperation)?, pushed: TurnRecord) {
    let operation = ScriptedOperation(self)
    return (begins ? operation : nil, operation.turn([], turn))
  }
}

final class ScriptedOperation: StepOperation {
  private let connector: ScriptedConnector
  private let turns = Atomic(0)

  init(_ connector: ScriptedConnector) { self.connector = connector }

  func resume(_ events: [Event], _ turn: Turn) -> TurnRecord { self.turn(events, turn) }
  func end() {
    connector.onEnd()
    connector.ended.add(1, ordering: .relaxed)
  }
  func abandon() { connector.abandoned.add(1, ordering: .relaxed) }

  func turn(_ events: [Event], _ turn: Turn) -> TurnRecord {
    if connector.inside.add(1, ordering: .sequentiallyConsistent).newValue > 1 {
      connector.overlaps.add(1, ordering: .relaxed)
    }
    defer { connector.inside.subtract(1, ordering: .sequentiallyConsistent) }
    return connector.script(turns.add(1, ordering: .relaxed).newValue, events, turn)
  }
}

/// Answers HTTP effects by a closure, at once or not at all; what is given up before says so.
final class ScriptedHTTP: HTTPPerformer {
  let answer: @Sendable (HTTPRequest) -> PerformedHTTP?
  /// What is given up may have left the host.
  let leaves: Bool
  let asked = Mutex<[HTTPRequest]>([])
  let cancelled = Atomic(0)
  let ended = Mutex<[String]>([])

  /// A nil answer never comes.
  init(leaves: Bool = true, _ answer: @escaping @Sendable (HTTPRequest) -> PerformedHTTP? = { _ in nil }) {
    self.leaves = leaves
    self.answer = answer
  }

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    asked.withLock { $0.append(request) }
    if let answer = answer(request) {
      Task { deliver(answer) }
      return Cancellation { self.cancelled.add(1, ordering: .relaxed) }
    }
    return Cancellation { [leaves] in
      guard self.cancelled.add(1, ordering: .relaxed).oldValue == 0 else { return }
      let answer = HTTPAnswer(outcome: .cancelled, message: "given up")
      Task {
        deliver(
          PerformedHTTP(
            answer: answer, performedWrite: leaves && self.isWrite(request, of: operation.connection)))
      }
    }
  }

  func operationEnded(_ operation: String) { ended.withLock { $0.append(operation) } }
}

extension TurnRecord {
  static func pushing(_ pushes: Push...) -> TurnRecord { TurnRecord(pushes: pushes) }
  static let done = TurnRecord.pushing(.complete(.json(Array("{}".utf8))))
}

extension HTTPRequest {
  static func read(_ url: String) -> HTTPRequest { HTTPRequest(method: "GET", url: url, endpoint: "api") }
  static func write(_ url: String) -> HTTPRequest { HTTPRequest(method: "POST", url: url, endpoint: "api") }
}

extension PerformedHTTP {
  static let ok = PerformedHTTP(answer: HTTPAnswer(outcome: .ok, status: 200), requests: 1)
}

extension OperationMachine {
  /// As the driver does, with whole requests for fingerprints.
  mutating func finishTurn(_ record: TurnRecord, isAlive: Bool) -> [Action] {
    finishTurn(
      record, isAlive: isAlive,
      pushes: JournalPush.list(
        record.pushes, isWrite: { !["GET", "HEAD", "OPTIONS"].contains($0.method) }, digest: { $0 }))
  }
}
