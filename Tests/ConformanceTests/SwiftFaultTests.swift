import Foundation
import TestTools
import Testing

@testable import Conformance

/// What only a connector in Swift can break, and no mutant in C shows.
@Suite(.offThePool) struct SwiftFaultTests {
  private static let manifest = Mutant.checkout.appending(path: "Tests/Connectors/Stray/manifests/stray.yaml")
    .path

  private func verify(_ cases: String...) -> RunReport {
    ConformanceRunner(.init(program: Mutant.program, only: cases)).run(
      Subject(manifestPath: Self.manifest, plugins: [Mutant.products]))
  }

  /// It leaves on ways only that the transcript does not take.
  @Test func taskThatLeavesItsOperationIsFound() {
    let report = verify("G1", "H10")
    #expect(report.results.map(\.verdict) == [.passed, .failed], "\(report.results)")
    #expect(report.primaryRule == "T-3")
    #expect(report.results.last?.findings.first?.happened.hasPrefix("look, ") == true)
  }

  /// New memory is that of the runtime which it shares with the host.
  @Test func memoryThatSwiftHandsOutUnwrittenIsFound() {
    let report = verify("F10")
    #expect(report.primaryRule == "S-6", "\(report.results)")
    #expect(report.results.first?.findings.first?.happened.hasPrefix("careless ") == true)
  }
}
