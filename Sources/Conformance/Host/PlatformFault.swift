internal import ConnectorModel
internal import Manifest
internal import Ports

/// What can become of a request besides what its author expects.
enum PlatformFault: String, CaseIterable, Sendable {
  case unreachable, cut, timeout, tooLarge = "too_large"
  case refused = "400", unauthenticated = "401", forbidden = "403", missing = "404", limited = "429"
  case broken = "500"
  case empty = "200 without a body"
  case garbled = "200 with half a body"

  /// Those in which no answer comes; the others are answers, which a transcript writes as such.
  static let ofTheWire: [PlatformFault] = [.unreachable, .cut, .timeout, .tooLarge]

  /// The platform's own code in fault bodies; no connector can know it.
  static let platformCode = "pb_unheard_of"

  /// What the wire brings instead of `answer`.
  func result(insteadOf answer: TransportAnswer, faultBody: [UInt8]) -> TransportResult {
    switch self {
    case .unreachable:
      .failed(
        TransportFailure(kind: .connect, requestMayHaveLeft: false, message: "the host cannot be reached"))
    case .cut:
      .failed(TransportFailure(kind: .reset, requestMayHaveLeft: true, message: "the connection broke"))
    case .timeout:
      .failed(TransportFailure(kind: .timeout, requestMayHaveLeft: true, message: "no answer in time"))
    case .tooLarge:
      .failed(TransportFailure(kind: .tooLarge, requestMayHaveLeft: true, message: "the answer is too large"))
    case .refused, .unauthenticated, .forbidden, .missing, .broken:
      .answered(
        TransportAnswer(
          status: Int(rawValue) ?? 500, headers: [HeaderField("content-type", "application/json")],
          body: faultBody))
    case .limited:
      .answered(TransportAnswer(status: 429, headers: [HeaderField("retry-after", "1")], body: []))
    case .empty: .answered(TransportAnswer(status: 200, headers: answer.headers, body: []))
    case .garbled:
      .answered(
        TransportAnswer(
          status: 200, headers: [HeaderField("content-type", "application/json")],
          body: answer.body.isEmpty ? Array("{".utf8) : Array(answer.body.prefix(answer.body.count / 2))))
    }
  }
}
