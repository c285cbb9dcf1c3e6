internal import ConnectorModel
internal import Dispatch
internal import Manifest
internal import PluginLoader
internal import Ports
internal import Synchronization

/// Category H: threads and the process.
enum HygieneCases {
  static let all: [ConformanceCase] = [migrating, confined, process, foreign, parallel]

  static let migrating = ConformanceCase(
    "H3", ["T-1"], .silver, seconds: 30, "an operation may meet another thread at each turn"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = plain.end { continue }
      var plan = SteppedPlan(seed: run.seed)
      plan.threads = .fresh
      let report = SteppedOperation(host, transcript, plan, run).perform()
      if report.signature != plain.signature {
        run.find("T-1", expected: plain.endText.cut, happened: "\(transcript.name): \(report.endText.cut)")
      }
    }
  }

  static let confined = ConformanceCase(
    "H2", ["T-3"], .silver, seconds: 30, "no turn calls the system for anything but memory"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      var plan = SteppedPlan(seed: run.seed)
      plan.threads = .confined
      _ = SteppedOperation(host, transcript, plan, run).perform()
    }
  }

  static let process = ConformanceCase(
    "H6", ["T-3"], .silver, seconds: 30, "operations leave the process as it was"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    let transcripts = try host.transcripts(run)
    guard let first = transcripts.first else { return }
    let start = ProcessState.now()
    _ = SteppedOperation(host, first, SteppedPlan(seed: run.seed), run).perform()
    // The host's own threads and files are there after the first.
    let isHosts = { (difference: String) in
      difference.contains("threads") || difference.contains("descriptor")
    }
    for difference in ProcessState.now().differences(since: start) where !isHosts(difference) {
      run.find("T-3", expected: "the process as it was", happened: difference)
    }
    let before = ProcessState.now()
    for transcript in transcripts {
      _ = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      // The host's queues come and go with their work.
      for difference in ProcessState.now().differences(since: before) where !difference.contains("threads") {
        run.find("T-3", expected: "the process as it was", happened: difference)
      }
    }
  }

  static let foreign = ConformanceCase(
    "H8", ["T-5", "T-3"], .silver, seconds: 30, "the host is called on its own thread only, during the call"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      run.doing("running \(transcript.name)", rule: "T-5")
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke(let violation) = report.end, ["T-5", "T-3", "M-1"].contains(violation.rule) {
        run.find(violation.rule, expected: "calls on the host's thread", happened: violation.what)
      }
    }
    if let connector = host.instance as? CConnector, connector.strayCalls > 0 {
      run.find("T-5", expected: "no call from elsewhere", happened: "\(connector.strayCalls) calls")
    }
  }

  static let parallel = ConformanceCase(
    "H4", ["T-2"], .silver, seconds: 40, "operations of one instance may overlap, as table and manifest say"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    guard host.loaded.isParallel else {
      throw .skip("`concurrency` of the manifest, or the table, says that operations do not overlap")
    }
    let transcripts = try host.transcripts(run)
    for transcript in transcripts {
      let alone = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = alone.end { continue }
      run.doing("many of \(transcript.name) at once", rule: "T-2")
      let outcome = Difference()
      // Threads of their own: they block, and the shared pool's are needed to let them go on.
      let done = DispatchSemaphore(value: 0)
      for number in 0..<4 {
        NamedThread.start("patchbay-op-\(number)") {
          GuardedMemory.watchThread()
          for _ in 0..<8 {
            let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
            if report.signature != alone.signature { outcome.tell(report.endText.cut) }
          }
          done.signal()
        }
      }
      for _ in 0..<4 { _ = done.wait(timeout: .now() + .seconds(30)) }
      if let happened = outcome.told {
        run.find(
          "T-2", expected: alone.endText.cut, happened: "\(transcript.name) beside others: \(happened)")
      }
    }
  }
}

/// The last difference that one of several threads saw.
private final class Difference: Sendable {
  private let text = Mutex<String?>(nil)

  var told: String? { text.withLock { $0 } }

  func tell(_ what: String) { text.withLock { $0 = what } }
}
