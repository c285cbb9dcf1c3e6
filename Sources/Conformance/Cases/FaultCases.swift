internal import ConnectorModel
internal import Manifest

/// Category M: every effect of every transcript meets every fault.
enum FaultCases {
  static let all: [ConformanceCase] = [http, keyValue, kept]

  static let http = ConformanceCase(
    "M1", ["R-3", "S-1", "S-9"], .gold, seconds: 60,
    "each request meets each of 12 faults, and the operation ends well"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var runs = 0
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = plain.end { continue }
      for effect in plain.exchanges.indices {
        for fault in PlatformFault.allCases {
          var plan = SteppedPlan(seed: run.seed)
          plan.faults = [effect: fault]
          runs += 1
          let report = SteppedOperation(host, transcript, plan, run).perform()
          Self.judge(
            report, run, host, transcript, "\(transcript.name), request \(effect + 1), \(fault.rawValue)")
        }
      }
    }
    run.note("\(runs) runs")
  }

  private static func judge(
    _ report: SteppedReport, _ run: CaseRun, _ host: SteppedHost, _ transcript: Transcript, _ place: String
  ) {
    switch report.end {
    case .broke(let violation):
      run.find(violation.rule, expected: "no broken rule", happened: "\(place): \(violation.what)")
    case .endless(let reason): run.find("S-1", expected: "an end", happened: "\(place): \(reason)")
    case .completed, .failed, .stopped: break
    }
    for (index, exchange) in report.exchanges.enumerated() where exchange.answer.outcome == .unknownOutcome {
      if index + 1 < report.exchanges.count {
        let next = report.exchanges[index + 1].request
        let route = exchange.request.url
        let isHarmless =
          host.manifest.endpoints[next.endpoint]?.idempotent
          .contains { $0.matches(method: next.method, path: route) } ?? false
        if next.method == exchange.request.method, next.url == route, next.body == exchange.request.body,
          !isHarmless
        {
          run.find(
            "R-3", expected: "a look before a write is repeated",
            happened: "\(place): it was sent again at once")
        }
      } else if case .failed(let error) = report.end, error.code != .unknownOutcome,
        error.retry != .unknownOutcome,
        error.retry != .no || ![.policy, .invalidInput, .invalidState].contains(error.code)
      {
        run.find(
          "R-3", expected: "UNKNOWN_OUTCOME while nobody knows",
          happened: "\(place): it failed with \(error.code.name)")
      } else if case .completed = report.end, transcript.end.code == .ok, report.exchanges.count == 1 {
        run.find("R-3", expected: "UNKNOWN_OUTCOME while nobody knows", happened: "\(place): it completed")
      }
    }
  }

  static let keyValue = ConformanceCase(
    "M10", ["S-1", "S-9"], .gold, seconds: 40,
    "each access to its state meets conflict, quota, absence and failure"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var runs = 0
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = plain.end { continue }
      for effect in 0..<plain.keyValueEffects {
        for code in [OutcomeCode.conflict, .quota, .notFound, .internal] {
          var plan = SteppedPlan(seed: run.seed)
          plan.keyValueFaults = [effect: code]
          runs += 1
          let report = SteppedOperation(host, transcript, plan, run).perform()
          run.judge(report, of: transcript)
        }
      }
    }
    guard runs > 0 else { throw .skip("no transcript reads or writes state") }
    run.note("\(runs) runs")
  }

  static let kept = ConformanceCase(
    "J7", ["R-2"], .gold, seconds: 40,
    "a platform's code that nobody knows is kept, and is the platform's fault"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    guard host.manifest.errorFields.code != nil else { throw .skip("`error_fields` names no code") }
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = plain.end { continue }
      for effect in plain.exchanges.indices {
        var plan = SteppedPlan(seed: run.seed)
        plan.faults = [effect: .broken]
        let report = SteppedOperation(host, transcript, plan, run).perform()
        // Only where the fault is what the operation ended by: nothing was asked afterwards.
        guard case .failed(let error) = report.end, let last = report.exchanges.last,
          report.exchanges.count == effect + 1, last.answer.platformCode == PlatformFault.platformCode
        else { continue }
        let place = "\(transcript.name), request \(effect + 1)"
        if error.platformCode != PlatformFault.platformCode {
          run.find(
            "R-2", expected: "the platform's code kept", happened: "\(place): `\(error.platformCode.cut)`")
        }
        if ![.upstream, .unknownOutcome, .unknown].contains(error.code) {
          run.find(
            "R-2", expected: "UPSTREAM for what nobody knows", happened: "\(place): \(error.code.name)")
        }
      }
    }
  }
}
