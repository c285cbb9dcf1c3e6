import Foundation
import Testing

@testable import Conformance

@Suite struct ReportFormatTests {
  private var report: RunReport {
    let finding = Finding(rule: "S-1", expected: "an <end>", happened: "\"none\" & more", step: "begin of a")
    func result(_ id: String, _ verdict: CaseResult.Verdict, _ findings: [Finding] = [], note: String = "")
      -> CaseResult
    {
      CaseResult(
        id: id, verdict: verdict, findings: findings, note: note, milliseconds: 1_002,
        reproduce: "patchbay verify m.yaml --only \(id) --seed 1")
    }
    return RunReport(
      manifest: "m.yaml", connector: "m", version: "1.0.0", librarySHA256: "a", manifestSHA256: "b",
      runner: "1",
      abi: "1.0", level: .gold, seed: 1,
      results: [
        result("A1", .passed), result("A3", .skipped, note: "`library` pins no sha256"),
        result("G1", .failed, [finding]), result("G3", .timedOut, [finding]),
        result("A4", .warning, [finding]),
      ], notices: ["no network namespace"])
  }

  @Test func peopleReadVerdictRuleAndCommand() {
    let text = ReportFormat.human.print([report])
    #expect(text.contains("G1   failed     1002 ms"))
    #expect(text.contains("S-1: expected an <end>, but \"none\" & more (at: begin of a)"))
    #expect(text.contains("again: patchbay verify m.yaml --only G1 --seed 1"))
    #expect(text.contains("skipped: `library` pins no sha256"))
    #expect(
      text.hasSuffix(
        "m: 1 passed, 1 warned, 1 skipped, 1 failed, 1 timed out at gold, seed 1; the first broken rule is S-1\n"
      ))
  }

  @Test func jsonIsTheReportItself() throws {
    let text = ReportFormat.json.print([report])
    #expect(try JSONDecoder().decode([RunReport].self, from: Data(text.utf8)) == [report])
  }

  @Test func junitCountsAndEscapes() {
    let text = ReportFormat.junit.print([report])
    #expect(
      text.contains(#"<testsuite name="m" tests="5" failures="1" errors="1" skipped="1" time="5.010">"#))
    #expect(text.contains("an &lt;end&gt;, but &quot;none&quot; &amp; more"))
    #expect(!text.contains("an <end>"))
  }

  @Test func tapNumbersItsPoints() {
    let lines = ReportFormat.tap.print([report]).split(separator: "\n")
    #expect(lines.prefix(2) == ["TAP version 14", "1..5"])
    #expect(
      lines.contains { $0.hasPrefix("ok 2 - m A3 ") && $0.hasSuffix("# SKIP `library` pins no sha256") })
    #expect(lines.contains { $0.hasPrefix("not ok 3 - m G1 ") })
  }

  @Test func sarifPointsAtTheManifest() throws {
    let text = ReportFormat.sarif.print([report])
    let log = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["level"] as? String } == ["error", "error", "warning"])
    #expect(results.allSatisfy { $0["ruleId"] as? String == "S-1" })
  }
}
