import ConnectorModel
import FoundationEssentials
import Manifest
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// What docs/abi.md promises: its example runs, and no message names a rule that it does not explain.
struct DocumentationTests {
  private let page = String(decoding: readAll("\(Fixture.root)/docs/abi.md"), as: UTF8.self)

  @Test(.needsClang) func minimalConnectorOfThePageRuns() throws {
    let start = try #require(page.firstRange(of: "```c\n"))
    let rest = page[start.upperBound...]
    let code = rest[..<(try #require(rest.firstRange(of: "```"))).lowerBound]
    #expect(code.split(separator: "\n").count <= 50, "it is meant to fit on a screen")
    let scratch = ScratchDirectory()
    let source = scratch.write(Array(code.utf8), to: "hello.c")
    let flags = [
      "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden",
    ]
    let (status, printed) = try #require(Fixture.clang).run(
      flags + ["-I", Fixture.include, source, "-o", scratch.file("libhello.so")], output: scratch.file("log"))
    try #require(status == 0, "\(printed)")
    let manifest = Fixture.manifest(id: "hello", library: "libhello.so", actions: ["greet"]) {
      $0.sync = [:]
      $0.webhooks = [:]
    }
    let (connectors, report) = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
      .load([manifest])
    let connector = try #require(connectors.first, "\(report.entries[0].reason ?? "")").makeInstance()
    let greet = OperationStart(
      kind: .action, name: "greet", input: .json(Array("{}".utf8)), deadline: 1, seed: 1)
    let (operation, pushed) = connector.begin(greet, TurnSlot.noTurn)
    #expect(operation == nil && pushed.violations == [] && pushed.result == #"{"hello":"world"}"#)
  }

  @Test func everyRuleNamedInTheSourcesIsExplained() throws {
    let folder = "\(Fixture.root)/Sources/PluginLoader"
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
    #expect(files.count > 20)
    let rule = /"([A-Z]-[0-9]+)"/
    var named: Set<String> = []
    for file in files {
      let text = String(decoding: readAll("\(folder)/\(file)"), as: UTF8.self)
      for match in text.matches(of: rule) { named.insert(String(match.1)) }
    }
    #expect(named.count > 20)
    for id in named.sorted() { #expect(page.contains("| \(id) | "), "\(id) is not in docs/abi.md") }
  }

  @Test func everyRuleOfThePageSaysWhoKeepsIt() {
    let rules = page.matches(of: /\n\| ([A-Z]-[0-9]+) \| ([a-z]+) \| ([^\n]+) \| ([^|\n]+) \|/)
    #expect(rules.count > 60)
    #expect(rules.allSatisfy { ["connector", "host", "both"].contains($0.2) })
    #expect(Set(rules.map(\.1)).count == rules.count, "an id is used twice")
  }

  @Test func everyRuleNamedInTheHeaderIsExplained() {
    let header = String(decoding: readAll("\(Fixture.include)/patchbay.h"), as: UTF8.self)
    let named = header.matches(of: /\[([A-Z]-[0-9]+(?: [A-Z]-[0-9]+)*)\]/)
    let ids = Set(named.flatMap { $0.1.split(separator: " ") })
    #expect(ids.count > 10)
    for id in ids.sorted() { #expect(page.contains("| \(id) | "), "\(id) is not in docs/abi.md") }
  }
}
