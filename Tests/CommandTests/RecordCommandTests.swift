import Foundation
import TestTools
import Testing

/// What was recorded is replayed; what clients did is written down.
@Suite(.offThePool, .serialized) struct RecordCommandTests {
  private let program: Program
  init() throws { program = try Program() }

  private func record(_ arguments: String..., to name: String) throws -> String {
    let path = program.state.appending(path: name).path
    let done = try program.run(
      ["verify", "record", "manifests/mailchimp.yaml", "--output", path] + arguments)
    try #require(done.status == 0, "\(done.errors)")
    return path
  }

  private func replay(_ path: String) throws -> Program.Result {
    try program.run(["verify", "replay", path, "--manifest", "manifests/mailchimp.yaml"])
  }

  @Test func recordedActionIsReplayed() throws {
    defer { program.remove() }
    let path = try record(
      "--action", "campaign.publish", "--input", "manifests/examples/mailchimp/campaign.json", to: "a.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains("sandbox-us19") && text.contains("\"dc\": \"us19\""))
    let done = try replay(path)
    #expect(done.status == 0 && done.output.contains("passed, seed 1"), "\(done.output)")
    // A library that does something else: the same file, asked for less than it does.
    let changed = text.replacing("/actions/send", with: "/actions/stop")
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    let failed = try replay(path)
    #expect(failed.status == 1, "\(failed.output)")
    #expect(failed.output.contains("/actions/stop, but it asked POST"))
    #expect(failed.output.contains("(at: turn 4)"))
  }

  @Test func lostAnswerIsRecordedAsACut() throws {
    defer { program.remove() }
    let fault = #"{"path": "/3.0/campaigns/*/actions/send", "do": {"reset": "after"}}"#
    let path = try record(
      "--action", "campaign.publish", "--input", "manifests/examples/mailchimp/campaign.json", "--fault",
      fault,
      to: "b.json")
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\"fault\": \"cut\""))
    let done = try replay(path)
    #expect(done.status == 0, "\(done.output)")
  }

  @Test func whatAClientDidIsWrittenAtTheEnd() throws {
    defer { program.remove() }
    let folder = program.state.appending(path: "recorded").path
    let (sandbox, output, _) = program.process([
      "sandbox", "record", folder, "--port", "0", "--tls-port", "0", "--manifests", "manifests",
    ])
    try sandbox.run()
    let ready = try Program.readyLine(output)
    let called = try program.run(
      "call", "mailchimp", "ping", "--input", try program.file("{}"), "--sandbox", try #require(ready["tls"]),
      "--sandbox-ca", try #require(ready["ca"]), "--key", "sandbox-us19")
    #expect(called.status == 0, "\(called.errors)")
    sandbox.terminate()
    sandbox.waitUntilExit()
    let path = "\(folder)/mailchimp/client.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("\"client\": true") && text.contains("\"url\": \"/ping\""), "\(text)")
    #expect(!text.contains("sandbox-us19"))
    #expect(try replay(path).status == 2)
    let done = try program.run(
      "verify", "replay", path, "--manifest", "manifests/mailchimp.yaml", "--action", "ping")
    #expect(done.status == 0 && done.output.contains("GET /ping"), "\(done.output)\(done.errors)")
    let other = try program.run(
      "verify", "replay", path, "--manifest", "manifests/mailchimp.yaml", "--action", "account.read")
    #expect(other.status == 1 && other.output.contains("expected GET /ping, but it asked GET /"))
  }

  @Test func whoseTranscriptItIsMustBePlain() throws {
    defer { program.remove() }
    let done = try program.run("verify", "replay", "/nowhere/x.json")
    #expect(done.status == 2 && done.errors.contains("--manifest"))
  }
}
