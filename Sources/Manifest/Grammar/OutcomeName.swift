internal import ConnectorModel

/// Outcomes by the names that manifests use.
enum OutcomeName {
  static let all = OutcomeCode.allCases.map(\.name)
}
