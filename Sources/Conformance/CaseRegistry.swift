/// Every case, in the order in which a run asks: the first that fails names a run's primary rule.
package enum CaseRegistry {
  package static let all: [ConformanceCase] =
    PackageCases.all + LoadCases.all + NegotiationCases.all + DescriptorCases.all + LifecycleCases.all
    + StepCases.all + LifecycleCases.ofOperations + MemoryCases.all + HygieneCases.all + PolicyCases.all
    + FaultCases.all

  package static func named(_ id: String) -> ConformanceCase? { all.first { $0.id == id } }

  /// The cases up to a level, of these ids or about these rules when any are named.
  package static func select(level: ConformanceCase.Level, only: [String]) -> [ConformanceCase] {
    all.filter { test in
      test.level <= level
        && (only.isEmpty
          || only.contains { $0 == test.id || $0 == test.category || test.rules.contains($0) })
    }
  }
}
