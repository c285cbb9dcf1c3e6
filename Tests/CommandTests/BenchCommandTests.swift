import Foundation
import TestTools
import Testing

@Suite(.offThePool, .serialized) struct BenchCommandTests {
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

  @Test func turnsAndOperationsInFlightAreMeasured() throws {
    let result = try bench("step", "--turns", "2000", "--in-flight", "300")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["nanosecondsPerTurn"] as? Double ?? 0 > 0)
    let flight = try #require(result.json["inFlight"] as? [String: Int])
    #expect(flight["operations"] == 300)
    #expect(flight["threads"] ?? 0 > 1)
  }

  /// Whole, in a form and as base64: 256 KiB of a file are in memory at a time.
  @Test func aLargeFileTakesNoMemory() throws {
    let result = try bench("upload", "--mebibytes", "64")
    #expect(result.status == 0, "\(result.errors)")
    let ways = result.list
    #expect(ways.count == 3)
    for way in ways {
      #expect(way["bytes"] as? Int ?? 0 >= 64 << 20)
      let before = try #require(way["peakMiBBefore"] as? Double)
      let after = try #require(way["peakMiBAfter"] as? Double)
      #expect(before > 0 && after - before < 16, "\(way)")
    }
  }

  @Test func aCrowdOfManifestsIsRead() throws {
    let result = try bench("load", "--count", "5", "--runs", "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["manifests"] as? Int == 5)
    #expect(result.json["bytes"] as? Int ?? 0 > 5 * 15_000)
  }

  @Test func requestsAreCountedAndSoAreFailures() throws {
    // Nobody listens on port 9: every request fails at once, and the figures say so.
    let program = try Program()
    defer { program.remove() }
    let result = try program.run(
      ["bench", "egress", "http://localhost:9/", "--bare", "--in-flight", "3", "--seconds", "1"]
        + ["--format", "json"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["requests"] as? Int == result.json["failed"] as? Int)
    #expect(result.json["requests"] as? Int ?? 0 > 0)
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
