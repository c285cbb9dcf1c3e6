import Foundation
import Testing

@Suite(.serialized) struct OtherCommandTests {
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
    let (process, output, _) = program.process(["sandbox", "--port", "0", "--tls-port", "0"])
    try process.run()
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { break }
      line += more
    }
    let ready = try #require(try JSONSerialization.jsonObject(with: line) as? [String: String])
    #expect(ready["http"]?.hasPrefix("http://127.0.0.1:") == true)
    let authority = try #require(ready["ca"])
    let tls = try #require(ready["tls"])
    let ping = program.state.appending(path: "ping.json")
    try Data("{}".utf8).write(to: ping)
    let call = try program.run(
      "call", "mailchimp", "ping", "--input", ping.path, "--sandbox", tls, "--sandbox-ca", authority, "--key",
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
    #expect(try program.run("nonsense").status == 2)
  }
}
