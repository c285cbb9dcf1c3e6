package import ConnectorModel
package import Operations
internal import Ports

/// What `patchbay call` prints: how one operation went.
package struct CallReport: Codable, Sendable, Equatable {
  package enum Outcome: String, Codable, Sendable { case succeeded, failed, unknown }

  package struct Failure: Codable, Sendable, Equatable {
    package var code: String
    package var message: String
    /// What to do about it.
    package var action: String
    package var platformCode: String?
    package var requestId: String?
    /// A JSON pointer into the input.
    package var pointer: String?
  }

  package struct Wait: Codable, Sendable, Equatable {
    package var reason: String
    package var ms: UInt64
  }

  package var outcome: Outcome
  package var result: JSONValue?
  package var error: Failure?
  package var waits: [Wait]
  /// Exchanges begun on the wire.
  package var requests: Int
  package var durationMs: UInt64

  package init(_ report: OperationReport, duration: Duration) {
    waits = report.waits.map { Wait(reason: $0.reason, ms: $0.duration.millisecondsRoundedUp) }
    requests = report.requests
    durationMs = duration.millisecondsRoundedUp
    switch report.outcome {
    case .succeeded(let payload):
      outcome = .succeeded
      result = payload.inlineBytes.flatMap { try? StableJSON.decode(JSONValue.self, from: $0) } ?? .null
    case .failed(let error):
      outcome = error.code == .unknownOutcome ? .unknown : .failed
      self.error = Failure(error)
    case .parked, .suspended, .fenced:
      // Only operations with a journal end so, and a call has none.
      outcome = .failed
      self.error = Failure(OperationError(.internal, "the operation was put aside"))
    }
  }
}

extension CallReport.Failure {
  init(_ error: OperationError) {
    code = error.code.name
    message = error.message
    action = error.advice
    platformCode = error.platformCode.isEmpty ? nil : error.platformCode
    requestId = error.requestID.isEmpty ? nil : error.requestID
    pointer = error.pointer.isEmpty ? nil : error.pointer
  }
}
