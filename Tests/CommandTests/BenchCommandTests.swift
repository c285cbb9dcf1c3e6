import Foundation
import Testing

@Suite(.serialized) struct BenchCommandTests {
  private func bench(_ arguments: String...) throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    return try program.run(["bench"] + arguments + ["--format", "json"])
  }

  @Test func everyJobIsSettledAndCounted() throws {
    let result = try bench("jobs", "--jobs", "300", "--connections", "7", "--callers", "5", "--runs", "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["jobs"] as? Double == 300)
    #expect((result.json["jobsPerSecond"] as? Double ?? 0) > 0)
  }

  @Test func publishesAreTimedByTheirParts() throws {
    let result = try bench("publish", "--posts", "6", "--parallel", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["published"] as? Int == 6)
    let parts = try #require(result.json["milliseconds"] as? [String: [String: Double]])
    let total = try #require(parts["accepted to published"]?["p50"])
    let network = try #require(parts["network"]?["p50"])
    #expect(network > 0 && total > network)
    #expect(parts["journal"]?["p50"] ?? 0 > 0)
  }

  @Test func publishesOnASilentPlatformAreInFlightAtOnce() throws {
    // More than the manifest's own bucket lets through.
    let result = try bench("publish", "--in-flight", "20")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["inFlight"] as? Int == 20)
  }
}
