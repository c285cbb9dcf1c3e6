/// A report in the Test Anything Protocol, version 14.
enum TAPReport {
  static func text(_ runs: [RunReport]) -> String {
    let count = runs.reduce(0) { $0 + $1.results.count }
    var lines = ["TAP version 14", "1..\(count)"]
    var number = 0
    for run in runs {
      for result in run.results {
        number += 1
        let name = words("\(run.connector) \(result.id) \(result.proves)")
        var line = "\(result.hasFailed ? "not ok" : "ok") \(number) - \(name)"
        if result.verdict == .skipped { line += " # SKIP \(words(result.note))" }
        lines.append(line)
        guard !result.findings.isEmpty else { continue }
        lines.append("  ---")
        lines.append("  verdict: \(result.verdict.rawValue)")
        lines.append("  findings:")
        for finding in result.findings {
          lines.append("    - \(ReportFormat.json(finding.sentence).dropLast())")
        }
        lines.append("  again: \(ReportFormat.json(result.reproduce).dropLast())")
        lines.append("  ...")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// On one line, with nothing that starts a directive.
  private static func words(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("#", with: "\\#").replacing("\n", with: " ")
  }
}
