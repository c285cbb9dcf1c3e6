import Foundation
import TestTools
import Testing

@testable import Conformance

/// `patchbay verify` as its users call it.
@Suite(.offThePool) struct VerifyCommandTests {
  private let scratch = ScratchDirectory()

  private func verify(_ arguments: String...) throws -> (code: Int32, printed: String) {
    let program = try #require(Tool(path: Mutant.program))
    return program.run(["verify"] + arguments, output: scratch.file("printed"))
  }

  @Test(.needsClang) func exitCodeTellsTheVerdict() throws {
    let good = try Mutant("perfect")
    let bad = try Mutant("O-5-no-entry")
    func run(_ mutant: Mutant, _ more: String...) throws -> (code: Int32, printed: String) {
      let program = try #require(Tool(path: Mutant.program))
      return program.run(
        ["verify", mutant.subject.manifestPath, "--plugins", mutant.subject.plugins[0], "--only", "O-5"]
          + more,
        output: scratch.file("printed"))
    }
    #expect(try run(good).code == 0)
    #expect(try run(good, "--only-failed").printed.contains("perfect: nothing failed at gold"))
    let failed = try run(bad, "--only-failed")
    #expect(failed.code == 1)
    #expect(failed.printed.contains("the first broken rule is O-5"))
    let json = try run(bad, "--format", "json")
    let reports = try JSONDecoder().decode([RunReport].self, from: Data(json.printed.utf8))
    #expect(json.code == 1 && reports.first?.primaryRule == "O-5")
  }

  @Test(arguments: [["--only", "Z-9"], ["--level", "iron"], ["--format", "yaml"]])
  func wrongUsageIsTwo(arguments: [String]) throws {
    let program = try #require(Tool(path: Mutant.program))
    let (code, printed) = program.run(
      ["verify", "manifests/mailchimp.yaml"] + arguments, output: scratch.file("printed"))
    #expect(code == 2 && !printed.isEmpty)
  }

  @Test func missingManifestIsAFailureThatSaysSo() throws {
    let (code, printed) = try verify("/nowhere/at-all.yaml", "--only", "A1")
    #expect(code == 1 && printed.contains("cannot be read"))
  }

  @Test func coverageEndsWithItsSummary() throws {
    let (code, printed) = try verify("list", "--coverage")
    #expect(code == 0 && printed.hasSuffix(RuleCoverage.summary + "\n"))
    #expect(printed.split(separator: "\n").count == ContractRule.all.count + 2)
  }

  @Test func ruleAndCaseAreExplained() throws {
    #expect(try verify("explain", "S-1").printed.hasPrefix("S-1 (connector): When a turn returns"))
    #expect(try verify("explain", "G1").printed.contains("each transcript ends as it says"))
    #expect(
      try verify("explain", "N6").printed.hasPrefix(
        "N6 is not asked: what worker mode costs. Why: there is no"))
    #expect(try verify("explain", "Q-1").code == 2)
  }

  @Test func listsAreJSONToo() throws {
    let cases = try verify("list", "--format", "json")
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(cases.printed.utf8)) as? [[String: Any]])
    #expect(list.map { $0["id"] as? String } == CaseRegistry.all.map(\.id))
    #expect(try verify("list").printed.contains("\nN6 "))
    let coverage = try verify("list", "--coverage", "--format", "json")
    let rules = try #require(
      try JSONSerialization.jsonObject(with: Data(coverage.printed.utf8)) as? [String: Any])
    #expect((rules["rules"] as? [[String: Any]])?.count == ContractRule.all.count)
  }

  @Test func versionsAreCompared() throws {
    let manifest = Mutant.checkout.appending(path: "Tests/ConformanceTests/Mutants/perfect.yaml").path
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    func version(_ number: String, _ name: String) -> String {
      let changed = text.replacing("  pair: {effect: read}\n", with: "")
        .replacing("version: 1.0.0", with: "version: \(number)")
      return scratch.write(Array(changed.utf8), to: name)
    }
    #expect(try verify("diff", manifest, manifest).code == 0)
    let small = try verify("diff", manifest, version("1.1.0", "a.yaml"), "--format", "json")
    let diff = try #require(
      try JSONSerialization.jsonObject(with: Data(small.printed.utf8)) as? [String: Any])
    #expect(small.code == 1 && diff["due"] as? String == "major" && diff["honest"] as? Bool == false)
    #expect(try verify("diff", manifest, version("2.0.0", "b.yaml")).code == 0)
    #expect(try verify("diff", manifest, "/nowhere.yaml").code == 2)
  }
}
