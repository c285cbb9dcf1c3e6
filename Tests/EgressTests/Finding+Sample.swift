import ConnectorModel
import Ports

@testable import Egress

extension Finding {
  static func answer(
    _ status: Int, retryAfter: Duration? = nil, as outcome: OutcomeCode? = nil, isByRule: Bool = false
  ) -> Finding {
    .answered(
      Answer(
        status: status, headers: [], body: [],
        verdict: .init(
          outcome: outcome ?? ResponseClassifier.outcome(of: status), isByRule: isByRule, message: "said",
          platformCode: "", requestID: ""), retryAfter: retryAfter))
  }

  static func failure(_ kind: TransportFailure.Kind, left: Bool) -> Finding {
    .failed(TransportFailure(kind: kind, requestMayHaveLeft: left, message: "failed"))
  }
}
