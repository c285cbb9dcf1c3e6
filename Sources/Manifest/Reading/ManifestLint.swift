internal import struct FoundationEssentials.Data
internal import class FoundationEssentials.JSONEncoder

/// What `patchbay lint` prints about readings.
package enum ManifestLint {
  /// How many there are of each severity.
  package struct Summary: Sendable, Equatable, Encodable {
    package var manifests: Int
    package var errors: Int
    package var warnings: Int
    package var notes: Int

    package init(of readings: [ManifestReading]) {
      let severities = readings.flatMap(\.problems).map(\.severity)
      manifests = readings.count
      errors = severities.count { $0 == .error }
      warnings = severities.count { $0 == .warning }
      notes = severities.count { $0 == .note }
    }
  }

  private struct Report: Encodable {
    var problems: [ManifestProblem]
    var summary: Summary
  }

  /// For people: one line a problem, then one line of counts; ends with a line break.
  package static func text(_ readings: [ManifestReading]) -> String {
    let lines = readings.flatMap(\.problems).map(\.description)
    return (lines + [sentence(Summary(of: readings))]).map { $0 + "\n" }.joined()
  }

  /// For tools: `{"problems": […], "summary": {…}}`; ends with a line break.
  package static func json(_ readings: [ManifestReading]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let report = Report(problems: readings.flatMap(\.problems), summary: Summary(of: readings))
    // Nothing in a report can fail to encode; an empty text would be seen at once.
    guard let data = try? encoder.encode(report) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// 1 when there is an error, else 0.
  package static func exitCode(_ readings: [ManifestReading]) -> Int32 {
    Summary(of: readings).errors > 0 ? 1 : 0
  }

  private static func sentence(_ summary: Summary) -> String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    return count(summary.manifests, "manifest") + ": " + count(summary.errors, "error") + ", "
      + count(summary.warnings, "warning") + ", " + count(summary.notes, "note")
  }
}
