import Foundation
import TestTools
import Testing

@testable import Conformance

/// Whatever a library does costs its own case: a verdict each, the run goes on, nothing is left behind.
@Suite(.offThePool, .serialized, .needsClang) struct HygieneTests {
  struct Hostile: Sendable, CustomTestStringConvertible {
    var name: String
    var id: String
    var verdict: CaseResult.Verdict
    var testDescription: String { name }

    init(_ name: String, _ id: String, _ verdict: CaseResult.Verdict) {
      self.name = name
      self.id = id
      self.verdict = verdict
    }
  }

  static let all: [Hostile] = [
    Hostile("hostile-crashes-on-load", "B1", .crashed), Hostile("hostile-exits-on-load", "B1", .failed),
    Hostile("hostile-hangs-on-load", "B1", .timedOut), Hostile("hostile-hangs-in-entry", "C1", .timedOut),
    Hostile("hostile-hangs-in-describe", "D3", .timedOut),
    Hostile("hostile-hangs-in-create", "E1", .timedOut),
    Hostile("hostile-hangs-in-destroy", "E1", .timedOut),
    Hostile("hostile-hangs-in-extension", "C7", .timedOut),
    Hostile("hostile-hangs-in-begin", "G1", .timedOut), Hostile("S-7-hangs-in-resume", "G1", .timedOut),
    Hostile("hostile-hangs-in-end", "G1", .timedOut), Hostile("hostile-eats-memory", "E1", .crashed),
    Hostile("T-3-fork", "G1", .failed), Hostile("T-3-socket", "G1", .failed),
    Hostile("T-3-prints", "G1", .failed),
    Hostile("T-3-exit", "G1", .failed),
  ]

  @Test(arguments: all) func hostileLibraryLeavesNothingBehind(hostile: Hostile) throws {
    let mutant = try Mutant(hostile.name)
    let scratch = ScratchDirectory()
    // A directory for temporary files that nobody else uses, so that it can be counted.
    let temporary = scratch.file("temporary")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    let env = try #require(Tool(named: "env"))
    let (code, printed) = env.run(
      [
        "TMPDIR=\(temporary)", Mutant.program, "verify", mutant.subject.manifestPath, "--plugins",
        mutant.subject.plugins[0], "--only", "A5", "--only", hostile.id, "--format", "json",
      ] + (hostile.verdict == .timedOut ? ["--seconds", "10"] : []), output: scratch.file("printed"))
    let report = try #require(try JSONDecoder().decode([RunReport].self, from: Data(printed.utf8)).first)
    #expect(code == 1)
    let result = try #require(report.results.first { $0.id == hostile.id })
    #expect(result.verdict == hostile.verdict, "\(result)")
    #expect(result.findings.first?.rule.isEmpty == false)
    #expect(report.results.first { $0.id == "A5" }?.verdict == .passed)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    #expect(try processes(naming: mutant.subject.manifestPath) == 0)
  }

  private func processes(naming text: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").count { pid in
      guard Int(pid) != nil else { return false }
      return (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8))?.contains(text) == true
    }
  }

  @Test func casesRunInOneProcessForADebugger() throws {
    let mutant = try Mutant("perfect")
    let bad = try Mutant("R-1-fails-with-ok")
    func run(_ mutant: Mutant) -> RunReport {
      // No program: whatever would start a child fails.
      ConformanceRunner(
        .init(program: "/nowhere", only: ["A5", "C1", "D1", "E1", "G1", "G8", "M1"], isInProcess: true)
      )
      .run(mutant.subject)
    }
    let good = run(mutant)
    #expect(good.results.count == 7 && good.results.allSatisfy { $0.verdict == .passed }, "\(good.results)")
    #expect(good.notices == [CaseHere.notice])
    #expect(run(bad).primaryRule == "R-1")
  }

  @Test func severalConnectorsGetATable() throws {
    let first = try Mutant("perfect").run(only: ["A1"])
    var second = first
    second.connector = "other"
    let text = ReportFormat.human.print([first, second])
    #expect(text.contains("CONNECTOR  VERSION  LEVEL  PASSED  WARNED  SKIPPED  FAILED  FIRST RULE\n"))
    #expect(text.hasSuffix("other      1.0.0    gold   1       0       0        0       -\n"))
    #expect(!ReportFormat.human.print([first]).contains("CONNECTOR"))
  }

  /// Two rounds of what `scripts/verify-reruns 200` does two hundred times.
  @Test(.enabled(if: Tool(named: "python3") != nil || requiresAll, "python3 is not on the PATH"))
  func rerunsChangeNoVerdict() throws {
    let python = try #require(Tool(named: "python3"))
    let scratch = ScratchDirectory()
    let script = Mutant.checkout.appending(path: "scripts/verify-reruns").path
    let (code, printed) = python.run(
      [
        script, "2", "--program", Mutant.program, "--only", "perfect", "--only", "M-1-late-event", "--only",
        "S-6-process-id",
      ], output: scratch.file("printed"))
    #expect(code == 0, "\(printed)")
    #expect(printed.hasSuffix("3 connectors, 2 rounds: 0 verdicts changed\n"), "\(printed)")
  }
}
