import Foundation
import TestTools
import Testing

@Suite(.offThePool, .serialized) struct OtherCommandTests {
  @Test func lintOfTheBundledManifestsFindsNoError() throws {
    let program = try Program()
    defer { program.remove() }
    let result = try program.run("lint", "manifests")
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func lintOfBrokenManifestsNamesLineAndColumn() throws {
    let program = try Program()
    defer { program.remove() }
    let human = try program.run("lint", "Tests/ManifestTests/Fixtures/broken")
    #expect(human.status == 1)
    #expect(human.output.contains(try Regex(#"\.yaml:\d+:\d+: error"#)))
    #expect(try program.run("lint", "Tests/ManifestTests/Fixtures/broken", "--format", "json").status == 1)
  }

  @Test func schemaIsJSON() throws {
    let program = try Program()
    defer { program.remove() }
    let result = try program.run("schema")
    #expect(result.status == 0)
    #expect(result.json["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
  }

  @Test func connectorsShowsWhatWasLoaded() throws {
    let program = try Program()
    defer { program.remove() }
    let result = try program.run("connectors", "--format", "json")
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    let entries = try #require(result.json["entries"] as? [[String: Any]])
    #expect(entries.contains { $0["id"] as? String == "mailchimp" && $0["status"] as? String == "loaded" })
    #expect(try program.run("connectors").output.contains("mailchimp"))
  }

  @Test func missingLibraryIsRefusedInOneSentenceAndTheOthersRun() throws {
    let program = try Program()
    defer { program.remove() }
    let manifests = program.state.appending(path: "manifests")
    try FileManager.default.copyItem(at: Program.checkout.appending(path: "manifests"), to: manifests)
    let file = manifests.appending(path: "mailchimp.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacing("id: mailchimp", with: "id: ghost").replacing(
        "libMailchimpConnector.so", with: "libGhost.so")
    try Data(text.utf8).write(to: manifests.appending(path: "ghost.yaml"))
    let result = try program.run("connectors", manifests.path)
    #expect(result.status == 1)
    #expect(result.output.contains("libGhost.so"))
    #expect(result.output.contains(try Regex(#"mailchimp +1\.0\.0 +loaded"#)))
  }

  @Test func sandboxSaysWhereItIsAndEndsOnSIGTERM() throws {
    let program = try Program()
    defer { program.remove() }
    let (process, tls, authority, _) = try program.sandbox()
    let call = try program.run(
      "call", "mailchimp", "ping", "--input", try program.file("{}"), "--sandbox", tls, "--sandbox-ca",
      authority, "--key",
      "sandbox-us19")
    #expect(call.json["outcome"] as? String == "succeeded", "\(call.output) \(call.errors)")
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func helpTeaches() throws {
    let program = try Program()
    defer { program.remove() }
    let help = try program.run("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("--sandbox --key sandbox-us19"))
    #expect(try program.run("call", "--help").output.contains("--fault"))
    #expect(try program.run("verify", "--help").output.contains("MANIFEST|DIR... [--level LEVEL]"))
    #expect(try program.run("verify", "run", "--help").output.contains("--in-process"))
    #expect(try program.run("nonsense").status == 2)
  }

  @Test func helpKeepsItsLinesOnANarrowTerminal() throws {
    let program = try Program()
    defer { program.remove() }
    for command in [[], ["lint"], ["schema"], ["connectors"], ["call"], ["sandbox"]] {
      let help = try program.run(command + ["--help"]).output
      // What the argument parser has to wrap, it wraps in the middle of a command that somebody copies.
      let overview = try #require(help.components(separatedBy: "USAGE:").first)
      #expect(!overview.contains(try Regex(#"\n(?:https?:|'\{|manifests/|codes:)"#)), "\(overview)")
    }
  }

  @Test func portOutOfRangeIsWrongUsage() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("sandbox", "--port", "70000").status == 2)
    #expect(try program.run("sandbox", "--tls-port", "65536").status == 2)
  }
}
