internal import ConnectorModel
internal import Manifest
internal import Ports
internal import Synchronization

/// Category N, and what else is measured: warnings only, since machines differ.
enum PerformanceCases {
  static let all: [ConformanceCase] = [latency, idle, throughput, stack]

  static let latency = ConformanceCase(
    "N1", ["S-7"], .gold, strength: .performance, seconds: 30,
    "half of its turns take under 5 ms of CPU time, 99 of 100 under 50 ms"
  ) { run throws(CaseStop) in
    var times: [Duration] = []
    try run.eachPlain { host, transcript, _ in
      for _ in 0..<5 {
        times += SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform().turnTimes
      }
    }
    guard !times.isEmpty else { throw .skip("no transcript runs well; see G1") }
    times.sort()
    let half = times[times.count / 2]
    let most = times[min(times.count - 1, times.count * 99 / 100)]
    if half > .milliseconds(5) {
      run.warn("S-7", expected: "5 ms", happened: "half take \(half.microseconds) us")
    }
    if most > .milliseconds(50) {
      run.warn("S-7", expected: "50 ms", happened: "one of 100 takes \(most.microseconds) us")
    }
    run.note("p50 \(half.microseconds) us, p99 \(most.microseconds) us of \(times.count) turns")
  }

  static let idle = ConformanceCase(
    "N2", ["M-2"], .gold, strength: .performance, seconds: 30,
    "an operation that waits holds less than 64 KiB"
  ) { run throws(CaseStop) in
    var largest = 0
    try run.eachPlain { host, transcript, plain in
      guard plain.turns > 1 else { return }
      func make() -> SteppedOperation {
        let operation = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run)
        operation.begin()
        return operation
      }
      let warm = make()
      let before = GuardedMemory.allocatedBytes
      let waiting = (0..<32).map { _ in make() }
      let each = (Int(GuardedMemory.allocatedBytes) - Int(before)) / 32
      largest = max(largest, each)
      for operation in waiting + [warm] { _ = operation.finish() }
    }
    if largest > 64 << 10 { run.warn("M-2", expected: "64 KiB", happened: "\(largest >> 10) KiB") }
    run.note("\(largest) bytes at most, this runner's own share included")
  }

  static let throughput = ConformanceCase(
    "N3", ["S-7"], .gold, strength: .performance, seconds: 30,
    "a second of CPU time is enough for more than 100 turns"
  ) { run throws(CaseStop) in
    var turns = 0
    let started = ThreadCPU.nanoseconds
    try run.eachPlain { host, transcript, _ in
      for _ in 0..<10 {
        turns += SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform().turns
      }
    }
    let rate = turns * 1_000_000_000 / Int(max(ThreadCPU.nanoseconds - started, 1))
    if turns > 50, rate < 100 { run.warn("S-7", expected: "100 turns a second", happened: "\(rate)") }
    run.note("\(rate) turns a second, this runner's own share included")
  }

  static let stack = ConformanceCase(
    "H9", ["T-1"], .gold, strength: .performance, seconds: 30, "its turns fit on a small stack"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var deepest = 0
    for transcript in try host.transcripts(run) {
      run.doing("the stack of \(transcript.name)", rule: "T-1")
      let used = StackUse.bytes {
        _ = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      }
      deepest = max(deepest, used ?? 0)
    }
    // 128 KiB of the connector's, and what the runner takes by itself.
    if deepest > 256 << 10 {
      run.find("T-1", expected: "256 KiB with this runner's own share", happened: "\(deepest >> 10) KiB")
    }
    run.note("\(deepest >> 10) KiB, this runner's own share included")
  }
}

extension Duration {
  fileprivate var microseconds: Int { Int(self / .microseconds(1)) }
}
