import ConnectorModel
import TestTools
import Testing

@testable import Sandbox

/// Answers keep the order of their requests, whatever comes behind them on the connection.
@Suite struct RequestHandlerTests {
  private func statuses(_ text: String) -> [String] {
    text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }.filter { Int($0) != nil }
  }

  private func exchange(delayMs: Int, _ bytes: String) async throws -> (
    text: String, ending: RawClient.Ending
  ) {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .delay(milliseconds: delayMs)))
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(bytes)
    let answer = client.read()
    await sandbox.stop()
    return answer
  }

  @Test func nonsenseBehindARequestDoesNotCostItsAnswer() async throws {
    let answer = try await exchange(
      delayMs: 50, SandboxServerTests.request("GET", "/3.0/ping") + "no request at all\r\n\r\n")
    #expect(statuses(answer.text) == ["200", "400"])
    #expect(answer.ending == .closed)
  }

  @Test func tooManyWaitingRequestsAreRefusedAfterTheOthers() async throws {
    let one = SandboxServerTests.request("GET", "/3.0/ping")
    let answer = try await exchange(delayMs: 1000, String(repeating: one, count: 70))
    let statuses = statuses(answer.text)
    #expect(statuses == [String](repeating: "200", count: 65) + ["400"])
    #expect(answer.ending == .closed)
  }

  @Test(arguments: ["100-continue", "100-Continue"])
  func clientThatWaitsIsToldToContinueInAnyCase(expectation: String) async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(
      "POST /us19.api.mailchimp.com/3.0/campaigns HTTP/1.1\r\nHost: x\r\n\(SandboxServerTests.authorization)"
        + "Expect: \(expectation)\r\nContent-Length: 2\r\n\r\n")
    let answer = client.read(until: "\r\n\r\n", patienceMs: 5000)
    #expect(answer.text == "HTTP/1.1 100 Continue\r\n\r\n")
    await sandbox.stop()
  }

  @Test func bodyInChunksIsReadWhole() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(
      "POST /us19.api.mailchimp.com/3.0/campaigns HTTP/1.1\r\nHost: x\r\n\(SandboxServerTests.authorization)"
        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + "5\r\n{\"typ\r\nd\r\ne\":\"regular\"}\r\n0\r\n\r\n")
    #expect(statuses(client.read().text) == ["200"])
    await sandbox.stop()
  }

  @Test func oneConnectionCarriesAThousandRequests() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    for number in 1...1000 {
      client.send(SandboxServerTests.request("GET", "/3.0/ping"))
      let answer = client.read(until: "Chimpy!\"}")
      guard answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"), answer.ending == .open else {
        Issue.record("request \(number): \(answer)")
        break
      }
    }
    await sandbox.stop()
  }

  @Test func oldClientsGetOneAnswerAndTheEnd() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send("GET /us19.api.mailchimp.com/3.0/ping HTTP/1.0\r\n\(SandboxServerTests.authorization)\r\n")
    let answer = client.read()
    #expect(answer.text.hasSuffix("Chimpy!\"}"))
    #expect(answer.ending == .closed)
    await sandbox.stop()
  }
}
