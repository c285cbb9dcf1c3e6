import Foundation
import TestTools
import Testing

@testable import Conformance

/// Connectors that keep every rule pass everything that applies to them.
@Suite(.offThePool, .serialized) struct PerfectConnectorTests {
  /// Mailchimp and the starter differ in what they need not have.
  private static let ofSwift = UnaskedCases.ofStarters(in: "swift").union(["J6", "L4", "L11"])

  @Test(.needsClang) func connectorOfCPassesEverything() throws {
    expectAllPassed(
      try Mutant("perfect").run(),
      skipped: UnaskedCases.ofSmallConnectors.subtracting(["J1"])
        .union(["H10", "J6", "L1", "L5", "L7", "L8", "L11"]))
  }

  /// Pages, webhooks, a configuration, schemas and a write that looks first: what the other one has not.
  @Test(.needsClang) func thoroughConnectorOfCPassesEverything() throws {
    expectAllPassed(
      try Mutant("thorough").run(),
      skipped: ["A3", "B6", "G12", "H10", "I6", "J6", "L2", "M7", "M10"])
  }

  /// What `patchbay new` writes in Swift, over the host's own runtime; CommandTests verify it with one of its own, and
  /// those in C and Rust.
  @Test func starterOfSwiftPassesEverything() throws {
    let manifest = Mutant.checkout.appending(path: "Plugins/Starter/package/manifests/starter.yaml").path
    let report = ConformanceRunner(.init(program: Mutant.program)).run(
      Subject(manifestPath: manifest, plugins: [Mutant.products]))
    expectAllPassed(
      report,
      skipped: Self.ofSwift, mayBeSkipped: true)
  }

  /// All of `manifests/`, as whoever installs them asks.
  @Test func everyBundledConnectorPassesAtGold() throws {
    let folder = Mutant.checkout.appending(path: "manifests")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".yaml")
    }
    let program = try #require(Tool(path: Mutant.program))
    let scratch = ScratchDirectory()
    let (code, printed) = program.run(
      ["verify", folder.path, "--level", "gold", "--format", "json"], output: scratch.file("printed"))
    #expect(code == 0)
    let reports = try JSONDecoder().decode([RunReport].self, from: Data(printed.utf8))
    #expect(reports.count == names.count && !names.isEmpty)
    for report in reports { expectAllPassed(report, skipped: Self.ofSwift, mayBeSkipped: true) }
  }

  private func expectAllPassed(
    _ report: RunReport, skipped: Set<String>, mayBeSkipped: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(report.results.map(\.id) == CaseRegistry.all.map(\.id), sourceLocation: sourceLocation)
    #expect(
      report.librarySHA256.count == 64 && report.manifestSHA256.count == 64, sourceLocation: sourceLocation)
    for result in report.results {
      let isFine =
        skipped.contains(result.id)
        ? result.verdict == .skipped || (mayBeSkipped && !result.hasFailed)
        : !result.hasFailed && result.verdict != .skipped
      #expect(isFine, "\(result)", sourceLocation: sourceLocation)
      if result.verdict == .skipped { #expect(!result.note.isEmpty, sourceLocation: sourceLocation) }
    }
  }

  /// Rule S-3 from the connector's side: it would end the process.
  @Test(.needsClang) func hostFunctionsNeverCallTheConnector() throws {
    let report = try Mutant("probe-reentry").run(only: ["G1", "G16", "H4"])
    #expect(report.results.map(\.verdict) == [.passed, .passed, .passed], "\(report.results)")
  }

  @Test(.needsClang) func runLeavesNothingBehind() throws {
    let mutant = try Mutant("T-3-fork")
    _ = mutant.run(only: ["G1"])
    let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { pid in
      guard Int(pid) != nil else { return false }
      let line = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
      return line?.contains(mutant.subject.manifestPath) == true
    }
    #expect(left.isEmpty)
  }
}
