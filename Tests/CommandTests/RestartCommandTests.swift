import Foundation
import TestTools
import Testing

/// A host that is killed, and the one that comes after it.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct RestartCommandTests {
  private let campaign = "manifests/examples/mailchimp/campaign.json"

  /// Campaigns that the platform sent.
  private func sends(_ sandbox: String) throws -> Int {
    let answer = try ServedHost.curl(sandbox + "/_sandbox/state/mailchimp")
    let state = try JSONSerialization.jsonObject(with: Data(answer.printed.utf8)) as? [String: Any]
    return try #require(state?["sends"] as? [Any]).count
  }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func killedHostsJobsArePublishedOnceByTheNext() throws {
    let (program, elsewhere) = (try Program(), try Program())
    defer { program.remove() }
    defer { elsewhere.remove() }
    let sandbox = try elsewhere.sandbox()
    defer { sandbox.process.terminate() }
    let platform = ["--sandbox", sandbox.tls, "--sandbox-ca", sandbox.authority]
    // The answer to the first send never comes: the kill falls between its intent and its result.
    let fault = #"{"path":"/3.0/campaigns/*/actions/send","times":1,"do":{"delayMs":600000}}"#
    #expect(try ServedHost.curl("-f", "-d", fault, sandbox.http + "/_sandbox/faults").code == 0)

    let host = try ServedHost.start(program, ["--http", "--log-level", "debug"], sandbox: platform)
    let id = try host.connect()
    let keys = (1...3).map { "letter-\($0)" }
    for key in keys {
      #expect(
        try host.run("publish", id, "--input", campaign, "--idempotency-key", key).status == 0)
    }
    while try sends(sandbox.http) == 0 {}
    host.kill()

    let next = try ServedHost.start(program, key: host.key, sandbox: platform)
    #expect(next.ready["key"] == nil)
    for key in keys {
      let job = try next.run("publish", id, "--input", campaign, "--idempotency-key", key, "--wait")
      #expect(job.status == 0, "\(job.output) \(job.errors)")
    }
    #expect(try sends(sandbox.http) == keys.count)
    #expect(next.terminate() == 0)
  }

  @Test func hostInTheMiddleOfAWriteEndsInOrder() throws {
    let (program, elsewhere) = (try Program(), try Program())
    defer { program.remove() }
    defer { elsewhere.remove() }
    let sandbox = try elsewhere.sandbox()
    defer { sandbox.process.terminate() }
    let platform = ["--sandbox", sandbox.tls, "--sandbox-ca", sandbox.authority]
    let fault = #"{"path":"/3.0/campaigns/*/actions/send","times":1,"do":{"delayMs":600000}}"#
    #expect(try ServedHost.curl("-f", "-d", fault, sandbox.http + "/_sandbox/faults").code == 0)
    let host = try ServedHost.start(program, ["--http", "--drain", "0"], sandbox: platform)
    let id = try host.connect()
    #expect(try host.run("publish", id, "--input", campaign, "--idempotency-key", "letter").status == 0)
    while try sends(sandbox.http) == 0 {}
    #expect(host.terminate() == 0)
    #expect(!FileManager.default.fileExists(atPath: program.state.appending(path: "host.json").path))

    let next = try ServedHost.start(program, key: host.key, sandbox: platform)
    let job = try next.run("publish", id, "--input", campaign, "--idempotency-key", "letter", "--wait")
    #expect(job.status == 0, "\(job.output) \(job.errors)")
    #expect(try sends(sandbox.http) == 1)
    #expect(next.terminate() == 0)
  }
}
