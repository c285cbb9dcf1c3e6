internal import ConnectorModel

/// A report in SARIF 2.1.0, which points at lines of the manifest: there is no source of a library to point at.
enum SARIFReport {
  static func text(_ runs: [RunReport]) -> String {
    ReportFormat.json(
      JSONValue.object([
        "version": .string("2.1.0"),
        "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
        "runs": .array(runs.map(run)),
      ]))
  }

  private static func run(_ report: RunReport) -> JSONValue {
    let found = report.results.flatMap { result in result.findings.map { (result, $0) } }
    let ids = Set(found.map(\.1.rule)).sorted()
    let rules = ids.map { id in
      JSONValue.object([
        "id": .string(id),
        "shortDescription": .object(["text": .string(ContractRule.named(id)?.text ?? id)]),
      ])
    }
    return .object([
      "tool": .object([
        "driver": .object([
          "name": .string("patchbay verify"), "version": .string(report.runner), "rules": .array(rules),
        ])
      ]),
      "properties": .object([
        "librarySHA256": .string(report.librarySHA256), "seed": .string("\(report.seed)"),
      ]),
      "results": .array(found.map { result(of: $0.0, $0.1, report) }),
    ])
  }

  private static func result(of test: CaseResult, _ finding: Finding, _ report: RunReport) -> JSONValue {
    let subject = Subject(manifestPath: report.manifest, plugins: [])
    return .object([
      "ruleId": .string(finding.rule),
      "level": .string(test.hasFailed ? "error" : "warning"),
      "message": .object(["text": .string("\(test.id): \(finding.sentence); again: \(test.reproduce)")]),
      "locations": .array([
        .object([
          "physicalLocation": .object([
            "artifactLocation": .object(["uri": .string(report.manifest)]),
            "region": .object(["startLine": .integer(Int64(subject.line(of: key(finding.rule))))]),
          ])
        ])
      ]),
    ])
  }

  /// The manifest's key that a rule is nearest to.
  private static func key(_ rule: String) -> String {
    switch rule.prefix(1) {
    case "H", "X": "endpoints"
    case "D": "actions"
    case "S": "limits"
    case "T": "concurrency"
    case "R": "errors"
    case "E": "abi"
    default: "library"
    }
  }
}
