/// A report for people: one line a case, then what failed and how to see it again.
enum HumanReport {
  static func text(_ run: RunReport) -> String {
    var lines = ["\(run.connector) \(run.version)  \(run.manifest)"]
    for result in run.results {
      let word = result.verdict.rawValue.padded(9)
      let time = "\(result.milliseconds) ms".leftPadded(8)
      let note = result.verdict == .passed && !result.note.isEmpty ? " (\(result.note))" : ""
      lines.append("  \(result.id.padded(4)) \(word) \(time)  \(result.proves)\(note)")
      if result.verdict == .skipped { lines.append("       skipped: \(result.note)") }
      for finding in result.findings { lines.append("       \(finding.sentence)") }
      if result.hasFailed { lines.append("       again: \(result.reproduce)") }
    }
    for notice in run.notices { lines.append("  notice: \(notice)") }
    lines.append(summary(run))
    return lines.map { $0 + "\n" }.joined()
  }

  /// One line a connector, for a run over several.
  static func table(_ runs: [RunReport]) -> String {
    let header = ["CONNECTOR", "VERSION", "LEVEL", "PASSED", "WARNED", "SKIPPED", "FAILED", "FIRST RULE"]
    let rows =
      [header]
      + runs.map { run in
        func count(_ verdict: CaseResult.Verdict) -> String {
          "\(run.results.count { $0.verdict == verdict })"
        }
        return [
          run.connector, run.version, run.level.rawValue, count(.passed), count(.warning), count(.skipped),
          "\(run.results.count(where: \.hasFailed))", run.primaryRule ?? "-",
        ]
      }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { $0 == row.count - 1 ? row[$0] : row[$0].padded(widths[$0]) }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  private static func summary(_ run: RunReport) -> String {
    let counts: [(String, Int)] = [
      ("passed", run.results.count { $0.verdict == .passed }),
      ("warned", run.results.count { $0.verdict == .warning }),
      ("skipped", run.results.count { $0.verdict == .skipped }),
      ("failed", run.results.count { $0.verdict == .failed }),
      ("crashed", run.results.count { $0.verdict == .crashed }),
      ("timed out", run.results.count { $0.verdict == .timedOut }),
    ]
    let words = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    let first = run.primaryRule.map { "; the first broken rule is \($0)" } ?? ""
    return
      "\(run.connector): \(words.isEmpty ? "nothing failed" : words) at \(run.level.rawValue), seed \(run.seed)\(first)"
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
