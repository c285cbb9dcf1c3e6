import Foundation
import TestTools
import Testing

@testable import Conformance

/// What other programs read is what their own schemas say.
@Suite(.offThePool) struct ReportSchemaTests {
  private let scratch = ScratchDirectory()

  /// Every verdict, with text that formats trip over.
  private var reports: [RunReport] {
    let finding = Finding(
      rule: "S-1", expected: "an <end> \u{1}\u{7}", happened: "\"none\" & more # é👩‍👩‍👧\n]]>", step: "begin\tof a"
    )
    let verdicts: [CaseResult.Verdict] = [.passed, .failed, .crashed, .timedOut, .skipped, .warning]
    let results = verdicts.enumerated().map { index, verdict in
      CaseResult(
        id: CaseRegistry.all[index].id, verdict: verdict,
        findings: verdict == .passed || verdict == .skipped ? [] : [finding, finding],
        note: verdict == .skipped ? "no # reason\nat all" : "", milliseconds: 1_234_567,
        reproduce: "patchbay verify 'a b.yaml'")
    }
    let report = RunReport(
      manifest: Mutant.folder.appending(path: "perfect.yaml").path, connector: "m#1", version: "1.0.0",
      librarySHA256: "a", manifestSHA256: "b", runner: "1", abi: "1.0", level: .gold, seed: .max,
      results: results, notices: [])
    var empty = report
    empty.results = []
    return [report, empty]
  }

  /// Runs Python of `.build/venv`; the schema's path and the report's are its arguments.
  private func judge(_ script: String, _ schema: String, _ report: String) throws -> (
    code: Int32, printed: String
  ) {
    let python = try #require(Tool(path: ReportJudge.python))
    let path = scratch.write(Array(report.utf8), to: "report")
    return python.run(["-c", script, ReportJudge.schema(schema), path], output: scratch.file("said"))
  }

  private let sarif = """
    import json, jsonschema, sys
    schema, report = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    jsonschema.validators.validator_for(schema)(schema).validate(report)
    """
  private let junit = """
    import sys, xmlschema
    xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])
    """

  @Test(.enabled(if: ReportJudge.isUsable, ReportJudge.reason)) func sarifIsOfItsSchema() throws {
    let text = ReportFormat.sarif.print(reports)
    let (code, printed) = try judge(sarif, "sarif-2.1.0.json", text)
    #expect(code == 0, "\(printed)")
    // The judge is one.
    let broken = text.replacing("\"version\":\"2.1.0\"", with: "\"version\":\"3\"")
    #expect(try judge(sarif, "sarif-2.1.0.json", broken).code != 0)
  }

  @Test(.enabled(if: ReportJudge.isUsable, ReportJudge.reason)) func junitIsOfItsSchema() throws {
    let text = ReportFormat.junit.print(reports)
    let (code, printed) = try judge(junit, "junit-10.xsd", text)
    #expect(code == 0, "\(printed)")
    let broken = text.replacing(" tests=", with: " trials=")
    #expect(try judge(junit, "junit-10.xsd", broken).code != 0)
  }

  @Test func sarifPointsAtLinesOfTheManifest() throws {
    let text = ReportFormat.sarif.print(reports)
    let lines = text.matches(of: #/"startLine":(\d+)/#).compactMap { Int($0.1) }
    let manifest = try String(contentsOfFile: reports[0].manifest, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { manifest[$0 - 1].hasPrefix("limits:") || $0 == 1 })
  }

  /// Line by line as version 14 of the protocol says it, nothing skipped.
  @Test func tapIsOfItsGrammar() throws {
    let text = ReportFormat.tap.print(reports)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    #expect(lines.popFirst() == "TAP version 14")
    let plan = try #require(lines.popFirst()?.wholeMatch(of: #/1\.\.(\d+)/#))
    #expect(lines.popLast() == "")
    var points = 0
    var isInBlock = false
    for line in lines {
      if isInBlock {
        #expect(line.hasPrefix("  "), "\(line)")
        if line == "  ..." { isInBlock = false }
      } else if line == "  ---" {
        isInBlock = true
      } else {
        let point = try #require(
          line.wholeMatch(of: #/(not ok|ok) (\d+) - ((?:[^#\\]|\\#|\\\\)+?)( # SKIP [^\n]*)?/#), "\(line)")
        points += 1
        #expect(Int(point.2) == points)
        #expect((point.4 == nil) == !line.contains("# SKIP"))
      }
    }
    #expect(!isInBlock && Int(plan.1) == points && points == 6)
  }
}

/// The judges of reports, in the checkout's own virtual environment.
enum ReportJudge {
  private static let venv = Mutant.checkout.appending(path: ".build/venv").path
  static let python = "\(venv)/bin/python"
  static let reason: Comment =
    ".build/venv with the reports' schemas is missing; run scripts/dependencies --tests"

  static func schema(_ name: String) -> String { "\(venv)/report-schemas/\(name)" }

  static let isUsable =
    requiresAll
    || (Tool(path: python) != nil && FileManager.default.fileExists(atPath: schema("sarif-2.1.0.json"))
      && FileManager.default.fileExists(atPath: schema("junit-10.xsd")))
}
