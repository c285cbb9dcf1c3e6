package import ConnectorModel
package import Ports

/// How an operation went.
package struct OperationReport: Sendable {
  package enum Outcome: Sendable, Equatable {
    case succeeded(Payload)
    case failed(OperationError)
  }

  package var outcome: Outcome
  package var records: [Record] = []
  /// Exchanges begun on the wire.
  package var requests = 0
  package var waits: [Wait] = []
  /// Something may have changed at the platform; retries follow the action's `retry` class.
  package var performedWrite = false
  package var turns = 0
  /// Turns over the soft budget.
  package var slowTurns = 0
  /// Time inside the connector, on the CPU.
  package var connectorTime = Duration.zero
  /// Time on the wire, summed over exchanges.
  package var networkTime = Duration.zero

  /// Something the connector emitted while it ran.
  package struct Record: Sendable, Equatable {
    package var stream: String
    package var payload: Payload
  }

  package init(outcome: Outcome) { self.outcome = outcome }

  package var error: OperationError? {
    guard case .failed(let error) = outcome else { return nil }
    return error
  }
}
