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
    case .connector: isSeenInRuns
    // What no run can see of a shared rule, such as the layout of the header, a test of the host may hold.
    case .both: isSeenInRuns || (cases.isEmpty && !tests.isEmpty)
    case .host: !tests.isEmpty
    }
  }

  private var isSeenInRuns: Bool { !cases.isEmpty && !mutants.isEmpty }

  package var checks: String {
    if let reason { return "unchecked: \(reason)" }
    if cases.isEmpty || rule.side == .host { return tests.isEmpty ? "nothing yet" : "a test of the host" }
    return cases.joined(separator: " ")
  }

  package var proof: String {
    if reason != nil { return "-" }
    let names = rule.side == .host || cases.isEmpty ? tests : mutants
    return names.isEmpty ? "nothing yet" : names.joined(separator: " ")
  }

  package static let all: [RuleCoverage] = ContractRule.all.map { rule in
    RuleCoverage(
      rule: rule, cases: CaseRegistry.all.filter { $0.rules.contains(rule.id) }.map(\.id),
      mutants: CoverageRegister.mutants[rule.id] ?? [], tests: CoverageRegister.hostTests[rule.id] ?? [],
      reason: CoverageRegister.unchecked[rule.id])
  }

  /// The last line of `verify list --coverage`.
  ///
  /// `rules` counts those that something can check; `unchecked` are the others, which stand in the table with reasons.
  package static var summary: String {
    let checkable = all.filter { $0.reason == nil }
    let covered = checkable.count(where: \.isCovered)
    let open = checkable.filter { !$0.isCovered }.map(\.rule.id)
    let percent = (covered * 100) / max(1, checkable.count)
    let rest = "\(percent) %" + (open.isEmpty ? "" : ", open: \(open.joined(separator: " "))")
    return
      "rules \(checkable.count), covered \(covered), unchecked \(all.count - checkable.count) (reasons above): \(rest)"
  }
}
