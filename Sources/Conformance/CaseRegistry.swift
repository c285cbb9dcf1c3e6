/// Every case, in the order in which a run asks: the first that fails names a run's primary rule.
package enum CaseRegistry {
  package static let all: [ConformanceCase] =
    ofFiles + ofTables + ofOperations + ofPlatforms

  /// Read, not run.
  private static let ofFiles = PackageCases.all + HardeningCases.all + DeclarationCases.all
  private static let ofTables =
    LoadCases.all + NegotiationCases.all + DescriptorCases.all + LifecycleCases.all + LoadCases.ofNeighbours
  /// Those that are about one rule each come first: what they find explains what the others find.
  private static let ofOperations =
    StepCases.all + LifecycleCases.ofOperations + MemoryCases.all + HygieneCases.all + ForeignWorkCases.all
    + PolicyCases.all + MediaCases.ofPolicy + ConfigurationCases.all + InterferenceCases.all
    + InterleavingCases.all + RequestCases.all
  private static let ofPlatforms =
    AnswerCases.all + FaultCases.all + ErrorCases.all + TellingCases.all + WebhookCases.all
    + SemanticsCases.all
    + TimeCases.all + TextLimitCases.all + MediaCases.ofData + FuzzCases.all + AllocationCases.all
    + PerformanceCases.all + CrowdCases.all

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
