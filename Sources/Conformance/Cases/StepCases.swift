internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category G: the step protocol, on transcripts.
enum StepCases {
  static let all: [ConformanceCase] = [transcripts, unknownKind, repeated, order, twin, cancel, driver]

  static let transcripts = ConformanceCase(
    "G1",
    [
      "S-1", "S-2", "S-7", "S-8", "S-9", "S-13", "L-3", "M-4", "M-5", "M-6", "M-8", "M-9", "P-1", "P-2",
      "P-3", "P-4",
      "P-5", "H-1", "H-2", "H-3", "K-1", "R-1", "X-2", "T-4", "T-5", "T-3", "M-2",
    ], .silver, seconds: 30, "each transcript ends as it says, and no turn on the way breaks a rule"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var slowest = Duration.zero
    for transcript in try host.transcripts(run) {
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      run.judge(report, of: transcript)
      run.compare(report, with: transcript)
      slowest = max(slowest, report.slowestTurn)
    }
    if slowest > host.manifest.limits.operation.turn * 5 {
      run.warn(
        "S-7", expected: "turns of \(host.manifest.limits.operation.turn.words)",
        happened: "one of \(slowest.words)")
    }
  }

  static let unknownKind = ConformanceCase(
    "G2", ["E-3"], .silver, "an operation of a kind or a name that it does not know is answered, not begun"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for (kind, name) in [(OperationStart.Kind.auth, "patchbay.unheard-of"), (.action, "patchbay.unheard-of")]
    {
      let transcript = Transcript(
        name: "kind \(kind)", kind: kind, operation: name, end: .init(code: .unsupported, result: nil))
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      run.judge(report, of: transcript)
      if case .failed(let error) = report.end, error.code == .unsupported || error.code == .invalidInput {
        continue
      }
      if case .broke = report.end { continue }
      run.find("E-3", expected: "`fail` with UNSUPPORTED", happened: report.endText)
    }
  }

  static let repeated = ConformanceCase(
    "G7", ["S-6", "L-6"], .silver, "the same operation again gives the same effects, byte for byte"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let plan = SteppedPlan(seed: run.seed)
      let first = SteppedOperation(host, transcript, plan, run).perform()
      let second = SteppedOperation(host, transcript, plan, run).perform()
      if first.trace != second.trace {
        run.find(
          "S-6", expected: "equal effects of equal turns",
          happened: Self.difference(first.trace, second.trace))
      }
    }
  }

  static func difference(_ first: String, _ second: String) -> String {
    let pairs = zip(first.split(separator: "\n"), second.split(separator: "\n"))
    guard let differing = pairs.first(where: { $0 != $1 }) else { return "one run is longer than the other" }
    return "\(differing.0.prefix(160)) and then \(differing.1.prefix(160))"
  }

  static let order = ConformanceCase(
    "G3", ["S-5"], .silver, seconds: 30, "the order of results, and how many come at once, changes nothing"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = plain.end { continue }
      for variant in 0..<8 {
        var plan = SteppedPlan(seed: run.seed &+ UInt64(variant))
        plan.order = variant == 0 ? .reversed : variant == 1 ? .asPushed : .shuffled
        plan.batching = variant < 3 ? .single : variant == 3 ? .together : .shuffled
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if report.signature != plain.signature {
          run.find(
            "S-5", expected: plain.endText.cut,
            happened:
              "\(transcript.name), with results \(plan.order) and \(plan.batching): \(report.endText.cut)")
          break
        }
      }
    }
  }

  static let twin = ConformanceCase(
    "G8", ["S-6"], .silver, seconds: 30, isTwin: true, "two processes give the same effects, byte for byte"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var traces: [String] = []
    for transcript in try host.transcripts(run) {
      traces.append(SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform().trace)
    }
    run.digest(traces.joined())
  }

  static let cancel = ConformanceCase(
    "G13", ["M-3", "S-11"], .silver, seconds: 30,
    "it can be cancelled after any turn, and cleans up in a few more"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      for turn in 1..<60 {
        var plan = SteppedPlan(seed: run.seed)
        plan.cancelAfter = turn
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.judge(report, of: transcript)
        guard report.end == .stopped else { break }
        if host.instance.wantsCleanup, !report.wasCancelledCleanly {
          run.find(
            "S-11", expected: "an end within 8 clean-up turns", happened: "\(transcript.name) still waits")
          break
        }
      }
    }
  }

  static let driver = ConformanceCase(
    "G16", ["S-5"], .silver, seconds: 30, "the host's own driver brings each transcript to the same end"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      run.doing("driving \(transcript.name)", rule: "S-7")
      let stepped = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = stepped.end { continue }
      let driven = HostDriver.run(transcript, on: host, seed: run.seed)
      if driven != stepped.endText {
        run.find("S-5", expected: stepped.endText.cut, happened: "\(transcript.name): \(driven.cut)")
      }
    }
  }
}

extension CaseRun {
  /// Tells what a stepped operation broke on its way.
  func judge(_ report: SteppedReport, of transcript: Transcript) {
    switch report.end {
    case .broke(let violation):
      find(violation.rule, expected: "no broken rule in \(transcript.name)", happened: violation.what)
    case .endless(let reason):
      find("S-1", expected: "an end of \(transcript.name)", happened: reason)
    case .completed, .failed, .stopped: break
    }
    for exchange in report.exchanges
    where exchange.requests == 0 && exchange.answer.status == 0 && exchange.answer.outcome == .permission {
      let isHandle = exchange.answer.message.contains("captured secret")
      find(
        isHandle ? "X-2" : "H-3", expected: "a request that the manifest allows",
        happened: exchange.answer.message)
    }
    if transcript.kind == .sync { judgeSync(report) }
  }

  private func judgeSync(_ report: SteppedReport) {
    if let stray = report.records.first(where: { !$0.hasPrefix("record ") && !$0.hasPrefix("checkpoint ") }) {
      find(
        "S-13", expected: "records for `record` and `checkpoint`",
        happened: "one for \(stray.prefix { $0 != " " })")
    }
    if case .completed(let bytes) = report.end,
      (try? StableJSON.decode(JSONValue.self, from: bytes))?["cursor"] == nil
    {
      find("S-13", expected: "a result with `cursor`", happened: "it has none")
    }
  }

  /// Tells how an operation ended otherwise than its transcript says.
  func compare(_ report: SteppedReport, with transcript: Transcript) {
    if transcript.end.isAny { return }
    switch report.end {
    case .broke, .endless, .stopped: return
    case .completed(let bytes):
      let result = try? StableJSON.decode(JSONValue.self, from: bytes)
      guard transcript.end.code == .ok else {
        return find("transcript", expected: "code \(transcript.end.code.name)", happened: report.endText.cut)
      }
      if let wanted = transcript.end.result, wanted != result {
        find(
          "transcript", expected: String(decoding: (try? StableJSON.encode(wanted)) ?? [], as: UTF8.self).cut,
          happened: report.endText.cut)
      }
    case .failed(let error):
      if error.code != transcript.end.code {
        find("transcript", expected: "code \(transcript.end.code.name)", happened: report.endText.cut)
      }
    }
    for request in report.unexpected {
      find("transcript", expected: "requests that \(transcript.name) knows", happened: request)
    }
    for request in report.unused {
      find("transcript", expected: request, happened: "\(transcript.name) ended without it")
    }
  }
}

extension String {
  /// Short enough for one line of a report.
  var cut: String { count > 200 ? "\(prefix(200))…" : self }
}
