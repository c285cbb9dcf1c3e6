internal import ConnectorModel

/// How reports are printed.
package enum ReportFormat: String, Sendable, CaseIterable {
  case human, json, junit, tap, sarif

  /// The whole output for these runs; ends with a line break.
  package func print(_ runs: [RunReport]) -> String {
    switch self {
    case .human:
      runs.map(HumanReport.text).joined(separator: "\n")
        + (runs.count > 1 ? "\n" + HumanReport.table(runs) : "")
    case .json: Self.json(runs)
    case .junit: JUnitReport.text(runs)
    case .tap: TAPReport.text(runs)
    case .sarif: SARIFReport.text(runs)
    }
  }

  static func json(_ value: some Encodable) -> String {
    // Nothing in a report can fail to encode; an empty text would be seen at once.
    (try? StableJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
  }
}

extension CaseResult {
  /// The case's one line, or nothing when this build does not know it.
  var proves: String { CaseRegistry.named(id)?.proves ?? "" }
}

extension Finding {
  /// One line for people.
  var sentence: String { "\(rule): expected \(expected), but \(happened) (at: \(step))" }
}
