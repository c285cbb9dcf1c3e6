import ConnectorModel
import Ports
import Testing

@testable import Egress

@Suite struct SettlementTests {
  private func outcome(_ finding: Finding, isWrite: Bool, options: HTTPRequest.Options = []) -> OutcomeCode {
    Settlement(isWrite: isWrite, options: options).answer(to: finding).outcome
  }

  @Test(arguments: [
    (Finding.failure(.timeout, left: true), OutcomeCode.timeout), (.failure(.reset, left: true), .upstream),
    (.failure(.truncated, left: true), .upstream), (.failure(.malformed, left: true), .upstream),
    (.failure(.tooLarge, left: true), .quota), (.failure(.cancelled, left: true), .cancelled),
    (.answer(500), .upstream), (.answer(503), .upstream),
  ])
  func aWriteThatMayHaveBeenDoneHasAnUnknownOutcome(_ finding: Finding, _ forReads: OutcomeCode) {
    #expect(outcome(finding, isWrite: true) == .unknownOutcome)
    #expect(outcome(finding, isWrite: false) == forReads)
  }

  @Test(arguments: [
    (Finding.failure(.timeout, left: false), OutcomeCode.network),
    (.failure(.resolve, left: false), .network),
    (.failure(.connect, left: false), .network), (.failure(.tls, left: false), .network),
    (.failure(.refusedStream, left: false), .network), (.failure(.refusedAddress, left: false), .network),
    (.failure(.cancelled, left: false), .cancelled), (.answer(200), .ok), (.answer(422), .invalidInput),
    (.answer(429), .rateLimited), (.answer(503, retryAfter: .seconds(1)), .upstream),
    (.answer(401), .unauthenticated),
    (.answer(500, as: .policy, isByRule: true), .policy),
  ])
  func whatIsCertainIsTheSameForReadsAndWrites(_ finding: Finding, _ expected: OutcomeCode) {
    #expect(outcome(finding, isWrite: true) == expected)
    #expect(outcome(finding, isWrite: false) == expected)
  }

  @Test func rawRequestsGetEveryStatusAsOK() {
    for status in [301, 400, 429, 500] {
      #expect(outcome(.answer(status), isWrite: true, options: .raw) == .ok)
    }
    #expect(outcome(.failure(.reset, left: true), isWrite: true, options: .raw) == .unknownOutcome)
  }

  @Test func withheldAnswersAreNeverOK() {
    guard case .answered(var answer) = Finding.answer(200) else { return }
    answer.isWithheld = true
    #expect(outcome(.answered(answer), isWrite: false, options: .raw) == .upstream)
    #expect(outcome(.answered(answer), isWrite: true) == .unknownOutcome)
  }

  @Test(arguments: [
    ("application/json", true), ("application/problem+json; charset=utf-8", true),
    ("Application/JSON ;x=y", true),
    ("text/html", false), ("", false), ("text/json+x", false),
  ])
  func jsonBodiesAreToldByTheirType(_ type: String, _ isJSON: Bool) {
    guard case .answered(var answer) = Finding.answer(200) else { return }
    answer.body = Array("{}".utf8)
    answer.headers = [HeaderField("content-type", type)]
    let body = Settlement(isWrite: false, options: []).answer(to: .answered(answer)).body
    #expect(body == (isJSON ? .json(answer.body) : .bytes(answer.body, contentType: type)))
  }
}
