import ConnectorModel
import Jobs
import Manifest
import Ports
import Testing

/// Every outcome code × retry class × whether something was written, of a job's first attempt.
@Suite struct JobMachineTableTests {
  /// In order: nothing written; then written under `safe` or `idempotent`, `reconcile`, `never`.
  private static let table: [OutcomeCode: [String]] = [
    .ok: ["dead unretryable_error", "again", "again looks", "unknown"],
    .unknown: ["dead unretryable_error", "again", "again looks", "unknown"],
    .protocol: ["dead unretryable_error", "again", "again looks", "unknown"],
    .internal: ["dead unretryable_error", "again", "again looks", "unknown"],
    .unsupported: Array(repeating: "dead unretryable_error", count: 4),
    .invalidInput: Array(repeating: "dead unretryable_error", count: 4),
    .invalidState: Array(repeating: "dead unretryable_error", count: 4),
    .notFound: Array(repeating: "dead unretryable_error", count: 4),
    .conflict: Array(repeating: "dead unretryable_error", count: 4),
    .policy: Array(repeating: "dead unretryable_error", count: 4),
    .unauthenticated: ["held", "held looks", "held looks", "unknown"],
    .permission: ["held", "held looks", "held looks", "unknown"],
    .rateLimited: ["waits", "waits", "waits looks", "unknown"],
    .quota: ["again", "again", "again looks", "unknown"],
    .upstream: ["again", "again", "again looks", "unknown"],
    .network: ["again timeout", "again timeout", "again timeout looks", "unknown"],
    .timeout: ["again timeout", "again timeout", "again timeout looks", "unknown"],
    .cancelled: Array(repeating: "cancelled", count: 4),
  ]

  @Test(arguments: OutcomeCode.allCases, Manifest.ActionDeclaration.Retry.allCases)
  func outcomeAndRetryClassDecide(code: OutcomeCode, retry: Manifest.ActionDeclaration.Retry) throws {
    let column =
      switch retry {
      case .safe, .idempotent: 1
      case .reconcile: 2
      case .never: 3
      }
    // An unknown outcome is a write, whether or not this attempt is known to have sent it.
    let unknown = ["", "again", "again looks", "unknown"][column]
    let row = Self.table[code]
    for wrote in [false, true] {
      let expected = code == .unknownOutcome ? unknown : try #require(row)[wrote ? column : 0]
      let decision = JobMachine.sample.decision(.failed(code, wrote: wrote), RetryRule(retry: retry))
      #expect(decision?.target == expected, "wrote: \(wrote)")
    }
  }
}
