import ConnectorModel
import Testing

@testable import Sandbox

/// Deliveries over real sockets; the receiver is the sandbox itself, made to answer by a fault.
@Suite struct CourierTests {
  private func register(_ sandbox: TestSandbox, _ url: String) throws -> String {
    let body =
      #"{"url":"\#(url)","events":{"subscribe":true},"sources":{"api":true,"user":true,"admin":true}}"#
    return try SandboxServerTests.exchange(
      sandbox, "POST", "/3.0/lists/\(MailchimpBench.listID)/webhooks", body: body
    ).text
  }

  private func subscribe(_ sandbox: TestSandbox, _ email: String) throws {
    _ = try SandboxServerTests.exchange(
      sandbox, "POST", "/3.0/lists/\(MailchimpBench.listID)/members",
      body: #"{"email_address":"\#(email)","status":"subscribed"}"#)
  }

  /// The deliveries, once as many arrived as are expected.
  private func deliveries(_ sandbox: TestSandbox, _ count: Int, state: String) async throws -> [JSONValue] {
    let end = ContinuousClock.now + .seconds(20)
    while true {
      let all = try sandbox.running.state("mailchimp")["deliveries"]?.elements ?? []
      if all.count(where: { $0["state"]?.text == state }) >= count || ContinuousClock.now > end { return all }
      await Task.yield()
    }
  }

  @Test func webhookIsDeliveredOverTLSToACertificateNobodyKnows() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(
      try SandboxFault(
        parsing: #"{"host": "localhost", "path": "/hook", "times": null, "do": {"status": 200}}"#))
    let made = try register(sandbox, "https://localhost:\(sandbox.running.tlsPort)/hook")
    #expect(made.hasPrefix("HTTP/1.1 200"), "\(made)")
    try subscribe(sandbox, "tls@patchbay.example")
    #expect(try await deliveries(sandbox, 1, state: "delivered").first?["last_status"] == 200)
    let received = sandbox.running.requests().filter { $0.host == "localhost" }
    #expect(received.map(\.method) == ["GET", "POST"])
    #expect(received.last?.body?["data[email]"] == "tls@patchbay.example")
    #expect(received.last?.headers.contains { $0.name == "X-Mailchimp-Signature" } == true)
    await sandbox.stop()
  }

  @Test func urlWhereNobodyListensIsRefused() async throws {
    let sandbox = try await TestSandbox.start()
    #expect(try register(sandbox, "http://127.0.0.1:1/hook").hasPrefix("HTTP/1.1 400"))
    #expect(try register(sandbox, "http://127.0.0.1:\(sandbox.running.httpPort)/").hasPrefix("HTTP/1.1 400"))
    await sandbox.stop()
  }

  @Test func whatBreaksIsTriedAgainAndManyDeliveriesAllArrive() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(
      try SandboxFault(
        parsing: #"{"host": "hook", "path": "/**", "method": "POST", "do": {"reset": "before"}}"#))
    sandbox.running.inject(
      try SandboxFault(parsing: #"{"host": "hook", "path": "/**", "times": null, "do": {"status": 200}}"#))
    #expect(
      try register(sandbox, "http://127.0.0.1:\(sandbox.running.httpPort)/hook/a").hasPrefix("HTTP/1.1 200"))
    for number in 0..<20 { try subscribe(sandbox, "many\(number)@patchbay.example") }
    let first = try await deliveries(sandbox, 19, state: "delivered")
    #expect(first.count { $0["state"] == "delivered" } == 19)
    #expect(first.count { $0["state"] == "waiting" } == 1)
    sandbox.running.advanceClock(byMilliseconds: 61_000)
    let second = try await deliveries(sandbox, 20, state: "delivered")
    #expect(second.map { $0["attempts"]?.integer }.count { $0 == 2 } == 1)
    await sandbox.stop()
  }

  @Test func resetForgetsWhatWasToBeDelivered() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(
      try SandboxFault(parsing: #"{"host": "hook", "path": "/**", "times": null, "do": {"status": 200}}"#))
    _ = try register(sandbox, "http://127.0.0.1:\(sandbox.running.httpPort)/hook/a")
    sandbox.running.reset()
    try subscribe(sandbox, "reset@patchbay.example")
    #expect(try sandbox.running.state("mailchimp")["deliveries"] == [])
    await sandbox.stop()
  }
}
