internal import ConnectorModel
internal import Manifest
internal import PluginLoader

/// Category F, of the memory that a connector asks for itself.
enum AllocationCases {
  static let all: [ConformanceCase] = [exhausted, uninitialised]

  /// No transcript's allocations are followed further.
  private static let mostAllocations = 2_000

  static let exhausted = ConformanceCase(
    "F7", ["S-9"], .gold, seconds: 60,
    "when memory runs out at any of its allocations, its operation fails and nothing else"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    if try run.isOfSwift { throw .skip("a Swift program: its runtime ends the process when memory runs out") }
    if try run.isOfRust { throw .skip("a Rust program: its runtime ends the process when memory runs out") }
    guard OwnAllocations.watch(host.loaded.copy.path) else { throw .skip("it calls no allocator itself") }
    var asked = 0
    for transcript in try host.transcripts(run) {
      for number in 1...Self.mostAllocations {
        run.doing("\(transcript.name), memory ends at allocation \(number)", rule: "S-9")
        let (report, made) = OwnAllocations.failing(from: number) {
          SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
        }
        asked += 1
        // A code that is returned is what the rule asks for when the machinery failed.
        if case .broke(let violation) = report.end, violation.rule != "S-9" {
          return run.find(
            "S-9", expected: "a code that is returned",
            happened: "\(transcript.name), allocation \(number): \(violation.rule): \(violation.what)")
        }
        if made < number { break }
      }
    }
    run.note("\(asked) runs")
  }

  static let uninitialised = ConformanceCase(
    "F10", ["S-6"], .gold, seconds: 30, "no byte of memory that it never wrote reaches a request or a result"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    // A Swift library over the host's runtime allocates by it; the host's own new memory is filled then, too.
    let own = OwnAllocations.watch(host.loaded.copy.path)
    let isOfSwift = try run.isOfSwift
    let runtimes = isOfSwift && OwnAllocations.watch("/libswiftCore.so")
    guard own || runtimes else { throw .skip("it calls no allocator itself") }
    for transcript in try host.transcripts(run) {
      run.doing("\(transcript.name) with strange bytes in new memory", rule: "S-6")
      let traces = [0xA5, 0x5A].map { byte in
        OwnAllocations.filled(with: UInt8(byte)) {
          SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform().trace
        }
      }
      if traces[0] != traces[1] {
        run.find(
          "S-6", expected: "the same effects whatever lies in new memory",
          happened: "\(transcript.name) hands out bytes that it never wrote")
      }
    }
  }
}

extension CaseRun {
  fileprivate var isOfRust: Bool {
    get throws(CaseStop) {
      let bytes = try library().bytes
      return ByteSearch.contains("__rust_alloc", in: bytes) || ByteSearch.contains("/rustc/", in: bytes)
    }
  }
}
