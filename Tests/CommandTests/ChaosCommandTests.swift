import Foundation
import TestTools
import Testing

/// The proof, made small: `scripts/chaos` runs it with thousands of posts.
///
/// Seen red: with `replay` always nil in ServiceJobRunner, seed 7 came to "duplicated 11" and seed 8 to "duplicated
/// 15", campaigns that the next host made a second time, with exit code 1.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct ChaosCommandTests {
  @Test func killedHostLosesNothingAndDoublesNothing() throws {
    let program = try Program()
    defer { program.remove() }
    let directory = program.state.appending(path: "chaos").path
    let result = try program.run(
      "chaos", "--posts", "40", "--kills", "4", "--connections", "4", "--seed", "7", "--directory", directory)
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "seed 7")
    #expect(lines.count == 3)
    #expect(lines.dropFirst().first?.hasPrefix("kills 4, during work ") == true, "\(result.output)")
    #expect(lines.last == "published 40, dead 0, unknown 0, lost 0, duplicated 0")
  }

  /// The small form of `scripts/chaos --kills 20 --reloads 100`.
  @Test func replacedLibraryLosesNothingEvenWhenTheHostIsKilled() throws {
    let program = try Program()
    defer { program.remove() }
    let directory = program.state.appending(path: "chaos").path
    let result = try program.run(
      "chaos", "--posts", "40", "--kills", "2", "--reloads", "8", "--connections", "4", "--seed", "9",
      "--directory", directory)
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    #expect(result.output.contains("reloads 8, broken libraries refused 2, most generations in one host "))
    #expect(
      result.output.split(separator: "\n").last
        == "published 40, dead 0, unknown 0, lost 0, duplicated 0")
  }
}
