import Foundation
import Testing

@testable import Conformance

/// What `verify list --coverage` prints is true.
@Suite struct RuleCoverageTests {
  @Test func rulesAreThoseOfThePageWordForWord() throws {
    let page = try String(
      contentsOf: Mutant.checkout.appending(path: "docs/abi.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").compactMap { line -> ContractRule? in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, let side = ContractRule.Side(rawValue: cells[1]) else { return nil }
      return ContractRule(id: cells[0], side: side, text: cells[2])
    }
    #expect(rows == ContractRule.all)
  }

  @Test func registerNamesTheMutantsThatAreThere() throws {
    let named = CoverageRegister.mutants.flatMap { rule, names in names.map { (rule, $0) } }
    #expect(named.map(\.1).sorted() == Mutant.all)
    for (rule, name) in named {
      let text = try String(contentsOf: Mutant.folder.appending(path: "\(name).c"), encoding: .utf8)
      #expect(text.hasPrefix("// rule: \(rule)\n// implies:"), "\(name)")
      let id = text.split(separator: "\n").first { $0.hasPrefix("// case: ") }?.dropFirst(9)
      let test = try #require(id.flatMap { CaseRegistry.named(String($0)) }, "\(name)")
      #expect(test.rules.contains(rule), "\(test.id) does not say that it is about \(rule)")
    }
  }

  @Test func registerNamesTestsThatAreThere() throws {
    var sources = ""
    let tests = Mutant.checkout.appending(path: "Tests")
    let files = FileManager.default.enumerator(atPath: tests.path)
    while let path = files?.nextObject() as? String {
      guard path.hasSuffix("Tests.swift") else { continue }
      sources += try String(contentsOf: tests.appending(path: path), encoding: .utf8)
    }
    for name in CoverageRegister.hostTests.values.joined() {
      #expect(sources.contains("func \(name)("), "\(name)")
    }
  }

  @Test func casesNameRulesThatAreThere() {
    for test in CaseRegistry.all {
      for rule in test.rules { #expect(ContractRule.named(rule) != nil, "\(test.id) names \(rule)") }
    }
    #expect(Set(CaseRegistry.all.map(\.id)).count == CaseRegistry.all.count)
  }

  /// A case that no connector fails proves nothing.
  @Test func everyCaseFailsAMutantOrSaysWhyNot() throws {
    var failed: Set<String> = []
    for name in Mutant.all + Mutant.unnumbered + Mutant.warned {
      let text = try String(contentsOf: Mutant.folder.appending(path: "\(name).c"), encoding: .utf8)
      let id = text.split(separator: "\n").first { $0.hasPrefix("// case: ") }?.dropFirst(9)
      failed.insert(String(try #require(id, "\(name) names no case")))
    }
    let without = Set(CoverageRegister.unmutated.keys)
    #expect(failed.union(without) == Set(CaseRegistry.all.map(\.id)))
    #expect(failed.isDisjoint(with: without), "a mutant was made: \(failed.intersection(without))")
  }

  @Test func casesAreThoseOfThePageWordForWord() throws {
    let page = try String(
      contentsOf: Mutant.checkout.appending(path: "docs/conformance.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").compactMap { line -> [String]? in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, ConformanceCase.Level(rawValue: cells[1]) != nil else { return nil }
      return cells
    }
    let wanted = CaseRegistry.all.map { [$0.id, $0.level.rawValue, $0.strength.rawValue, $0.proves] }
    #expect(Set(rows) == Set(wanted), "\(Set(wanted).symmetricDifference(rows))")
    #expect(rows.count == wanted.count)
  }

  @Test func questionsThatAreNotAskedStandOnThePage() throws {
    let page = try String(contentsOf: Mutant.checkout.appending(path: "docs/conformance.md"), encoding: .utf8)
    for row in CoverageRegister.unasked {
      #expect(page.contains("\n| \(row.ids) | \(row.question) | \(row.reason) |\n"), "\(row.ids)")
      for id in row.ids.split(separator: " ") where row.ids.allSatisfy({ $0 != "," }) {
        #expect(CaseRegistry.named(String(id)) == nil, "\(id) is asked")
      }
    }
  }

  @Test func summaryCountsWhatItLists() {
    let all = RuleCoverage.all
    let open = all.filter { $0.reason == nil && !$0.isCovered }.map(\.rule.id)
    #expect(open.isEmpty, "rules without a proof: \(open)")
    #expect(
      RuleCoverage.summary
        == "rules \(77 - CoverageRegister.unchecked.count), covered \(77 - CoverageRegister.unchecked.count), "
        + "unchecked \(CoverageRegister.unchecked.count) (reasons above): 100 %")
    for coverage in all where coverage.reason != nil {
      #expect(coverage.mutants.isEmpty && coverage.tests.isEmpty, "\(coverage.rule.id) is both")
    }
  }
}
