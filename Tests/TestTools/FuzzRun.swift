import FoundationEssentials

/// How a randomised test runs: few rounds from a fixed seed in the suite, many from others by `scripts/fuzz`.
///
/// A trap ends the process, so what a round tries is put into a file before it is tried.
package struct FuzzRun: Sendable {
  /// One for each round; a round depends on nothing else.
  package let seeds: Range<UInt64>
  private let notes: String?
  private let target: String

  /// - Parameters:
  ///   - target: names the file under `PATCHBAY_FUZZ_INPUTS`.
  ///   - rounds: in the suite; `PATCHBAY_FUZZ_ROUNDS` and `PATCHBAY_FUZZ_SEED` override.
  package init(_ target: String, rounds: UInt64) {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["PATCHBAY_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    let count = environment["PATCHBAY_FUZZ_ROUNDS"].flatMap(UInt64.init) ?? rounds
    seeds = first..<first + count
    notes = environment["PATCHBAY_FUZZ_INPUTS"]
    self.target = target
  }

  /// Keeps what is about to be tried, where somebody wants to know.
  package func note(_ input: [UInt8]) {
    guard let notes else { return }
    _ = FileManager.default.createFile(atPath: "\(notes)/\(target)", contents: Data(input))
  }
}
