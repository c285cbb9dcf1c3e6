package import Ports

/// What an attempt does to its job, and what else follows.
package struct JobDecision: Sendable, Equatable {
  package enum Consequence: Sendable, Equatable {
    /// A person has to connect the account again.
    ///
    /// - Parameter reason: one sentence.
    case connectionNeedsAttention(reason: String)
    /// The people who run the host should look.
    case alert(String)
  }

  package var settlement: Settlement
  package var result: Attempt.Result
  /// Of the attempt itself; the job's own is in the settlement.
  package var error: JobError?
  package var consequences: [Consequence]

  init(
    _ settlement: Settlement, _ result: Attempt.Result, error: JobError? = nil,
    consequences: [Consequence] = []
  ) {
    self.settlement = settlement
    self.result = result
    self.error = error
    self.consequences = consequences
  }
}
