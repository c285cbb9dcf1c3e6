package import ConnectorModel
package import Ports

/// How an operation went.
package struct OperationReport: Sendable {
  package enum Outcome: Sendable, Equatable {
    case succeeded(Payload)
    // Large, and there are several outcomes in an operation under way.
    indirect case failed(OperationError)
    /// Everything is on record; the operation goes on from its journal at that time, in nanoseconds since 1970.
    case parked(until: UInt64, cause: WaitCause = .limit)
    /// Everything that must be is on record; the operation goes on from its journal, or from the start when
    /// nothing had to be stored.
    case suspended
    /// Another worker has the job: nothing that this run came to may be stored.
    case fenced
  }

  package var outcome: Outcome
  /// Without those of replayed turns, which an earlier run emitted.
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

  /// Time until there were tokens, summed over exchanges.
  package var tokenTime = Duration.zero
  /// Time until what happened was durable, summed over appends.
  package var journalTime = Duration.zero
  /// The operation was begun by an earlier run and went on from its journal.
  package var wasReplayed = false
  /// The connector did something else than the journal says: its outcome is unknown for good.
  package var differedOnReplay = false

  /// Something the connector emitted while it ran.
  package struct Record: Sendable, Equatable {
    package var stream: String
    package var payload: Payload
  }

  package init(outcome: Outcome) { self.outcome = outcome }

  /// - Parameter replay: what an earlier run did counts.
  init(outcome: Outcome, of replay: OperationReplay?) {
    self.outcome = outcome
    wasReplayed = replay != nil
    performedWrite = replay?.mayHaveWritten ?? false
  }

  package var error: OperationError? {
    guard case .failed(let error) = outcome else { return nil }
    return error
  }

  /// The outcome in one word.
  package var code: OutcomeCode {
    switch outcome {
    case .succeeded: .ok
    case .failed(let error): error.code
    case .parked: .rateLimited
    case .suspended, .fenced: .cancelled
    }
  }
}
