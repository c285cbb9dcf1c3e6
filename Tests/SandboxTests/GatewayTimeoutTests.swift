import ConnectorModel
import TestTools
import Testing

@testable import Sandbox

@Suite(.offThePool) struct GatewayTimeoutTests {
  @Test(arguments: ["before", "after"])
  func timeoutComesAfterTwoMinutesOfSandboxTime(point: String) async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(
      try SandboxFault(
        parsing: #"{"method": "POST", "path": "/3.0/campaigns", "do": {"timeout": "\#(point)"}}"#))
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(
      SandboxServerTests.request(
        "POST", "/3.0/campaigns", body: #"{"type":"regular"}"#, headers: "Connection: close\r\n"))
    #expect(await sandbox.received(1))
    sandbox.running.advanceClock(byMilliseconds: 100_000)
    #expect(client.read(patienceMs: 100) == ("", .open))
    sandbox.running.advanceClock(byMilliseconds: 20_000)
    let answer = client.read()
    #expect(answer.text.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
    #expect(answer.text.contains("Content-Type: text/html"))
    #expect(answer.text.contains("<h1>502 Bad Gateway</h1>"))
    let campaigns = try sandbox.running.state("mailchimp")["campaigns"]?.elements?.count
    #expect(campaigns == (point == "after" ? 1 : 0))
    await sandbox.stop()
  }

  @Test func clientThatGaveUpStillHoldsItsPlace() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(
      try SandboxFault(parsing: #"{"path": "/3.0/ping", "times": 10, "do": {"timeout": "after"}}"#))
    for number in 1...10 {
      let client = try RawClient(port: sandbox.running.httpPort)
      client.send(SandboxServerTests.request("GET", "/3.0/ping"))
      #expect(await sandbox.received(number))
    }
    let refused = try SandboxServerTests.exchange(sandbox, "GET", "/3.0/lists")
    #expect(refused.text.hasPrefix("HTTP/1.1 429"))
    sandbox.running.advanceClock(byMilliseconds: 120_000)
    var answer = refused
    let end = ContinuousClock.now + .seconds(20)
    while !answer.text.hasPrefix("HTTP/1.1 200"), ContinuousClock.now < end {
      answer = try SandboxServerTests.exchange(sandbox, "GET", "/3.0/lists")
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 200"))
    await sandbox.stop()
  }
}
