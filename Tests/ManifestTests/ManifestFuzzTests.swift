import ConnectorModel
import FoundationEssentials
import Manifest
import TestTools
import Testing

/// Mutated manifests are read, or refused with problems that lie in the file; never a crash.
///
/// `scripts/fuzz manifest` runs more of it. Seen red: with columns counted from 0, at the first seed.
@Suite(.timeLimit(.minutes(10))) struct ManifestFuzzTests {
  private static let words = [
    "manifest: 1", "id: ", "endpoints:", "base: ", "{dc}", "https://", "pattern: \"^(a+)+$\"", "limits:",
    "buckets:", "rate: 1/s", "rate: 99999999999999999999/d", "timeout: 120s", "response: 8MiB", "actions:",
    "effect: write", "retry: reconcile", "when: {status: [", "then: ", "$.a[*]['b'][0]", "$[", "&a", "*a",
    "!!str",
    "<<: ", "---", "...", "? ", "- ", "|2-", ">+", "# ", "\t", "null", "~", ".inf", "0x10", "2026-02-30",
  ]

  private static func corpus() throws -> [[UInt8]] {
    let folder = ManifestFixtures.folder
    let broken = try FileManager.default.contentsOfDirectory(atPath: folder + "/broken").sorted()
      .filter { $0.hasSuffix(".yaml") }.map { folder + "/broken/" + $0 }
    let files =
      [folder + "/good/full.yaml", ManifestFixtures.repository + "/manifests/mailchimp.yaml"] + broken
    return try files.map { Array(try ManifestFixtures.text($0).utf8) }
  }

  @Test func mutatedManifestIsReadOrRefusedInItsOwnLines() throws {
    let mutator = ByteMutator(corpus: try Self.corpus(), words: Self.words)
    let run = FuzzRun("manifest", rounds: 250)
    for seed in run.seeds {
      var random = SplitMix64(seed: seed)
      let bytes = mutator.next(using: &random)
      run.note(bytes)
      let reading = ManifestFixtures.read(bytes)
      let lines = bytes.count { $0 == UInt8(ascii: "\n") } + bytes.count { $0 == UInt8(ascii: "\r") } + 1
      #expect(
        (reading.manifest == nil) == reading.problems.contains { $0.severity == .error }, "seed \(seed)")
      for problem in reading.problems {
        // Three more signs of YAML end a line: U+0085, U+2028 and U+2029.
        #expect(problem.line >= 1 && problem.line <= lines + bytes.count / 2, "seed \(seed): \(problem)")
        #expect(problem.column >= 1 && problem.column <= bytes.count + 1, "seed \(seed): \(problem)")
        #expect(!problem.message.isEmpty && !problem.message.contains("\n"), "seed \(seed): \(problem)")
      }
      #expect(ManifestFixtures.read(bytes) == reading, "seed \(seed): read twice, it differs")
    }
  }
}
