import Testing

@testable import Sandbox

@Suite struct WirePlanTests {
  let plan = WirePlan(method: "GET", keepAlive: true, now: SandboxInstant(milliseconds: 0))
  let answer = SandboxResponse(
    status: 200, headers: [NamedText("Content-Type", "text/plain"), NamedText("Content-Length", "99")],
    body: Array("0123456789".utf8))
  let empty = SandboxResponse(status: 204)

  private func text(_ step: WireStep?) -> String {
    guard case .send(let bytes) = step else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func answerIsFramedByItsLength() {
    let steps = plan.steps(response: answer, effect: nil)
    #expect(
      text(steps.first)
        == "HTTP/1.1 200 OK\r\nServer: patchbay-sandbox\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        + "Content-Type: text/plain\r\nContent-Length: 10\r\nConnection: keep-alive\r\n\r\n0123456789")
    #expect(steps.dropFirst() == [.finish(keepAlive: true)])
  }

  @Test func noContentHasNeitherBodyNorLength() {
    let sent = text(plan.steps(response: empty, effect: nil).first)
    #expect(sent.hasPrefix("HTTP/1.1 204 No Content\r\n"))
    #expect(!sent.contains("Content-Length"))
  }

  @Test func headHasTheLengthWithoutTheBody() {
    var plan = plan
    plan.method = "HEAD"
    let sent = text(plan.steps(response: answer, effect: nil).first)
    #expect(sent.contains("Content-Length: 10\r\n"))
    #expect(sent.hasSuffix("\r\n\r\n"))
  }

  @Test func missingAnswerAndResetAfterCutAtOnce() {
    #expect(plan.steps(response: nil, effect: .reset(.before)) == [.reset])
    #expect(plan.steps(response: answer, effect: .reset(.after)) == [.reset])
  }

  @Test func resetInTheMiddleSendsHalfOfTheBody() {
    let steps = plan.steps(response: answer, effect: .reset(.middle))
    #expect(text(steps.first).hasSuffix("\r\n\r\n01234"))
    #expect(steps.last == .reset)
    let headOnly = plan.steps(response: empty, effect: .reset(.middle))
    #expect(!text(headOnly.first).hasSuffix("\r\n\r\n"))
  }

  @Test func truncationPromisesMoreThanItSends() {
    let half = plan.steps(response: answer, effect: .truncate(afterBodyBytes: nil))
    #expect(text(half.first).contains("Content-Length: 10\r\n"))
    #expect(text(half.first).hasSuffix("\r\n\r\n01234"))
    #expect(half.last == .close)
    #expect(
      text(plan.steps(response: answer, effect: .truncate(afterBodyBytes: 3)).first).hasSuffix("\r\n\r\n012"))
    #expect(
      text(plan.steps(response: answer, effect: .truncate(afterBodyBytes: 500)).first).hasSuffix(
        "\r\n\r\n012345678"))
    let headOnly = plan.steps(response: empty, effect: .truncate(afterBodyBytes: 3))
    #expect(!text(headOnly.first).hasSuffix("\r\n\r\n"))
  }

  @Test func pausesFallBeforeOrInsideTheAnswer() {
    let delayed = plan.steps(response: answer, effect: .delay(milliseconds: 9))
    #expect(delayed.first == .pause(milliseconds: 9))
    #expect(delayed.count == 3)
    let stalled = plan.steps(response: answer, effect: .stall(milliseconds: 9))
    #expect(text(stalled.first).hasSuffix("\r\n\r\n01234"))
    #expect(stalled[1] == .pause(milliseconds: 9))
    #expect(text(stalled[2]) == "56789")
    #expect(stalled.last == .finish(keepAlive: true))
  }

  @Test func badChunkComesAfterAGoodOne() {
    let steps = plan.steps(response: answer, effect: .badChunk)
    #expect(text(steps.first).contains("Transfer-Encoding: chunked\r\n"))
    #expect(!text(steps.first).contains("Content-Length"))
    #expect(text(steps.first).contains("\r\n\r\n5\r\n01234\r\nnot-a-size\r\n"))
    #expect(steps.last == .close)
    #expect(text(plan.steps(response: empty, effect: .badChunk).first).hasPrefix("HTTP/1.1 200 OK\r\n"))
  }
}
