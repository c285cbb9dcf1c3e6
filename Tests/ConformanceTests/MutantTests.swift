import TestTools
import Testing

@testable import Conformance

/// The runner is proven by what it says of connectors that break one rule each.
@Suite(.offThePool, .needsClang) struct MutantTests {
  /// What is said of a mutant by the cases named, or by the one that is about its rule.
  private func judge(
    _ name: String, only: [String]? = nil, seconds: Int? = nil, stops: Bool = false
  ) throws -> (mutant: Mutant, report: RunReport) {
    let mutant = try Mutant(name)
    return (mutant, mutant.run(only: only ?? [mutant.caseID], seconds: seconds, stops: stops))
  }

  @Test(arguments: Mutant.all) func brokenRuleIsNamed(name: String) throws {
    let (mutant, report) = try judge(name, seconds: name == "S-7-hangs-in-resume" ? 20 : nil)
    #expect(report.primaryRule == mutant.rule, "\(report.results)")
    #expect(report.results.first?.reproduce.contains("--only \(mutant.caseID) --seed 1") == true)
  }

  @Test(arguments: Mutant.unnumbered) func faultWithoutANumberIsNamed(name: String) throws {
    let (mutant, report) = try judge(name)
    #expect(report.primaryRule == mutant.rule, "\(report.results)")
  }

  @Test(arguments: Mutant.warned) func whatShouldNotBeIsAWarning(name: String) throws {
    let (mutant, report) = try judge(name)
    #expect(report.results.map(\.verdict) == [.warning], "\(report.results)")
    #expect(report.results.first?.findings.first?.rule == mutant.rule)
    #expect(!report.hasFailed)
  }

  /// The others in the folder are loaded first, in both orders.
  @Test func connectorThatOthersDisturbIsFound() throws {
    let report = try judge("L-6-shared-symbol", only: ["B6"]).report
    #expect(report.primaryRule == "L-6", "\(report.results)")
  }

  /// Among all cases in their order, the first that fails is the one that is about the rule.
  @Test(arguments: Mutant.wholeRuns) func brokenRuleIsTheFirstOfAWholeRun(name: String) throws {
    let (mutant, report) = try judge(name, only: [], stops: true)
    #expect(report.primaryRule == mutant.rule, "\(report.results.filter(\.hasFailed))")
    #expect(report.results.first(where: \.hasFailed)?.id == mutant.caseID)
  }

  @Test func leakIsAWarning() throws {
    let report = try judge("leaking-operations", only: ["E10", "F8"]).report
    #expect(report.results.map(\.verdict) == [.warning, .warning], "\(report.results)")
    #expect(!report.hasFailed)
  }
}
