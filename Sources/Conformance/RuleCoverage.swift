/// What holds one rule: cases and mutants for the connector's part, a named test for the host's, or why nothing can.
package struct RuleCoverage: Sendable {
  package var rule: ContractRule
  /// Ids of the cases that report it.
  package var cases: [String]
  /// Mutant libraries whose primary rule it is.
  package var mutants: [String]
  /// Names of tests in `Tests` that hold the host to it.
  package var tests: [String]
  /// Why a run cannot tell.
  package var reason: String?

  package var isCovered: Bool {
    switch rule.side {
    case .connector, .both: !cases.isEmpty && !mutants.isEmpty
    case .host: !tests.isEmpty
    }
  }

  package var checks: String {
    if let reason { return "unchecked: \(reason)" }
    return rule.side == .host ? "tests of the host" : cases.isEmpty ? "nothing yet" : cases.joined(separator: " ")
  }

  package var proof: String {
    if reason != nil { return "-" }
    let names = rule.side == .host ? tests : mutants
    return names.isEmpty ? "nothing yet" : names.joined(separator: " ")
  }

  package static let all: [RuleCoverage] = ContractRule.all.map { rule in
    RuleCoverage(
      rule: rule, cases: CaseRegistry.all.filter { $0.rules.contains(rule.id) }.map(\.id),
      mutants: CoverageRegister.mutants[rule.id] ?? [], tests: CoverageRegister.hostTests[rule.id] ?? [],
      reason: CoverageRegister.unchecked[rule.id])
  }

  /// The last line of `verify list --coverage`.
  package static var summary: String {
    let covered = all.count { $0.reason == nil && $0.isCovered }
    let unchecked = all.count { $0.reason != nil }
    let open = all.filter { $0.reason == nil && !$0.isCovered }.map(\.rule.id)
    let rest = open.isEmpty ? "100 %" : "open: \(open.joined(separator: " "))"
    return "rules \(all.count), covered \(covered), unchecked \(unchecked) (reasons above): \(rest)"
  }
}
