import Foundation
import TestTools
import Testing

@testable import Conformance

/// Tasks that a Swift connector starts and does not wait for.
@Suite(.offThePool) struct ForeignWorkTests {
  private static let manifest = Mutant.checkout.appending(path: "Tests/Connectors/Stray/manifests/stray.yaml")
    .path

  /// It leaves on one way only, which the transcript does not take.
  @Test func taskThatLeavesItsOperationIsFound() {
    let report = ConformanceRunner(.init(program: Mutant.program, only: ["G1", "H10"])).run(
      Subject(manifestPath: Self.manifest, plugins: [Mutant.products]))
    #expect(report.results.map(\.verdict) == [.passed, .failed], "\(report.results)")
    #expect(report.primaryRule == "T-3")
    #expect(report.results.last?.findings.first?.happened.hasPrefix("look, ") == true)
  }
}
