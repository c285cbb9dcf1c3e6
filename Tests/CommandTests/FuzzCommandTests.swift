import Foundation
import TestTools
import Testing

/// A host with connections, jobs and dead letters, asked everything that its own description allows.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct FuzzCommandTests {
  private static let python = Program.checkout.appending(path: ".build/venv/bin/python").path
  private static let script = Program.checkout.appending(path: "Tests/HTTPAPITests/Python/fuzz.py").path

  @Test(
    .enabled(
      if: Tool(path: python) != nil || requiresAll,
      "\(python) with schemathesis is missing: run scripts/dependencies --tests"))
  func descriptionHoldsOnAHostWithData() throws {
    let program = try Program()
    defer { program.remove() }
    let python = try #require(Tool(path: Self.python))
    let host = try ServedHost.start(program)
    defer { if host.process.isRunning { host.kill() } }
    let campaign = "manifests/examples/mailchimp/campaign.json"
    let text = try String(contentsOf: Program.checkout.appending(path: campaign), encoding: .utf8)
    let refused = try program.file(text.replacing("a1b2c3d4e5", with: "ffffffffff"))
    let id = try host.connect()
    #expect(try host.run("publish", id, "--input", campaign, "--wait").status == 0)
    #expect(try host.run("publish", id, "--input", refused, "--wait").status == 1)
    #expect(try host.run("publish", id, "--input", campaign, "--at", "2099-01-31T09:00:00Z").status == 0)
    // The log must not fill its pipe while nobody reads it.
    host.dropLog()
    let scratch = ScratchDirectory()
    let result = python.run(
      [Self.script, host.url, "--key", host.key, "--examples", "2"], output: scratch.file("output"))
    #expect(result.code == 0, "\(result.printed)")
    // Still there, and still answering.
    #expect(try host.run("jobs", "list").status == 0)
    #expect(host.terminate() == 0)
  }
}
