import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct ControlEndpointTests {
  private func control(
    _ sandbox: TestSandbox, _ method: String, _ path: String, _ body: String = ""
  ) throws -> (status: String, json: JSONValue?) {
    let text = try SandboxServerTests.exchange(sandbox, method, path, host: "_sandbox", body: body).text
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    return (
      String(text.dropFirst(9).prefix(3)), parts.count > 1 ? JSONValue.parse(Array(parts[1].utf8)) : nil
    )
  }

  @Test func faultsAreAddedShownAndRemoved() async throws {
    let sandbox = try await TestSandbox.start()
    let made = try control(sandbox, "POST", "/faults", #"{"path": "/3.0/ping", "do": {"status": 500}}"#)
    #expect(made.status == "201")
    #expect(made.json == ["id": "flt_1"])
    #expect(try control(sandbox, "GET", "/faults").json?.elements?.first?["path"] == "/3.0/ping")
    #expect(try SandboxServerTests.exchange(sandbox, "GET", "/3.0/ping").text.hasPrefix("HTTP/1.1 500"))
    #expect(try control(sandbox, "GET", "/faults/flt_1").json?["hits"] == 1)
    #expect(try control(sandbox, "DELETE", "/faults/flt_1").status == "204")
    #expect(try control(sandbox, "DELETE", "/faults/flt_1").status == "404")
    _ = try control(sandbox, "POST", "/faults", #"{"path": "/3.0/ping", "do": {"badChunk": true}}"#)
    #expect(try control(sandbox, "DELETE", "/faults").status == "204")
    #expect(try control(sandbox, "GET", "/faults").json == [])
    await sandbox.stop()
  }

  @Test func faultWithAMistakeIsRefusedWithASentence() async throws {
    let sandbox = try await TestSandbox.start()
    let refused = try control(sandbox, "POST", "/faults", #"{"path": "/3.0/ping", "do": {"statuss": 500}}"#)
    #expect(refused.status == "400")
    #expect(refused.json?["error"]?.text?.contains("unknown key \"statuss\"") == true)
    await sandbox.stop()
  }

  @Test func requestsAreShownWithoutTheirSecrets() async throws {
    let sandbox = try await TestSandbox.start()
    _ = try SandboxServerTests.exchange(sandbox, "GET", "/3.0/ping?apikey=s3cret&fields=health_status")
    let shown = try control(sandbox, "GET", "/requests").json
    let request = shown?.elements?.first
    #expect(request?["method"] == "GET")
    #expect(request?["host"] == "us19.api.mailchimp.com")
    #expect(request?["path"] == "/3.0/ping")
    #expect(request?["query"] == "apikey=***&fields=health_status")
    #expect(request?["status"] == 200)
    #expect(request?["fault"] == JSONValue.null)
    #expect(request?["time"]?.text?.hasSuffix("+00:00") == true)
    let text = String(decoding: shown?.bytes ?? [], as: UTF8.self)
    #expect(!text.contains("s3cret") && !text.contains("sandbox-us19"))
    #expect(text.contains("Bearer ***"))
    #expect(shown?.elements?.count == 1, "control requests are not shown")
    await sandbox.stop()
  }

  @Test func stateIsShownAndReset() async throws {
    let sandbox = try await TestSandbox.start()
    _ = try SandboxServerTests.exchange(sandbox, "POST", "/3.0/campaigns", body: #"{"type":"regular"}"#)
    #expect(try control(sandbox, "GET", "/state/mailchimp").json?["campaigns"]?.elements?.count == 1)
    #expect(try control(sandbox, "GET", "/state/friendster").status == "404")
    #expect(try control(sandbox, "POST", "/reset").status == "204")
    #expect(try control(sandbox, "GET", "/state/mailchimp").json?["campaigns"] == [])
    #expect(try control(sandbox, "GET", "/requests").json == [])
    await sandbox.stop()
  }

  @Test func clockMovesForwardAlone() async throws {
    let sandbox = try await TestSandbox.start()
    let before = try control(sandbox, "POST", "/clock", #"{"advanceMs": 0}"#).json?["now"]?.text
    let after = try control(sandbox, "POST", "/clock", #"{"advanceMs": 86400000}"#).json?["now"]?.text
    let step =
      (after.flatMap { SandboxInstant(iso8601: $0) }?.seconds ?? 0)
      - (before.flatMap { SandboxInstant(iso8601: $0) }?.seconds ?? 0)
    #expect(step >= 86_400)
    for body in [#"{"advanceMs": -1}"#, "{}", "", #"{"advanceMs": 1, "x": 1}"#] {
      #expect(try control(sandbox, "POST", "/clock", body).status == "400")
    }
    await sandbox.stop()
  }

  @Test func otherMethodsAndRoutesAreRefused() async throws {
    let sandbox = try await TestSandbox.start()
    #expect(try control(sandbox, "PUT", "/faults").status == "405")
    #expect(try control(sandbox, "GET", "/reset").status == "405")
    #expect(try control(sandbox, "POST", "/requests").status == "405")
    #expect(try control(sandbox, "GET", "/nothing").status == "404")
    await sandbox.stop()
  }
}
