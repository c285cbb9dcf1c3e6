internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category G, of what a host may do to an operation between its turns.
enum InterferenceCases {
  static let all: [ConformanceCase] = [refused, strays, late, replayed, expired, quota]

  static let refused = ConformanceCase(
    "G4", ["S-9", "S-1"], .silver, seconds: 30, "an effect that the host refuses is an answer like any other"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for effect in plain.exchanges.indices {
        var plan = SteppedPlan(seed: run.seed)
        plan.refusals = [effect]
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name), request \(effect + 1) refused")
      }
    }
  }

  static let strays = ConformanceCase(
    "G5", ["S-5", "S-2"], .silver, seconds: 30,
    "a result for an effect that it never asked for breaks nothing"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard plain.turns > 1 else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.hasStrayEvents = true
      let report = SteppedOperation(host, transcript, plan, run).perform()
      // Such an event never comes from a host that keeps the contract: any end will do, a broken rule will not.
      if case .broke(let violation) = report.end, violation.rule != "L-3" {
        run.find(
          violation.rule, expected: "no broken rule in \(transcript.name)", happened: violation.what)
      }
    }
  }

  static let late = ConformanceCase(
    "G6", ["S-8"], .silver, seconds: 30, "results that take an hour cost no more turns than quick ones"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      var plan = SteppedPlan(seed: run.seed)
      plan.latency = .seconds(3_600)
      plan.deadline = .seconds(100 * 86_400)
      let report = SteppedOperation(host, transcript, plan, run).perform()
      run.expectEnd(report, "\(transcript.name), an hour a turn")
      if report.turns > plain.turns {
        run.find(
          "S-8", expected: "\(plain.turns) turns of \(transcript.name)",
          happened: "\(report.turns) when results take an hour")
      }
    }
  }

  static let replayed = ConformanceCase(
    "G9", ["S-6"], .silver, seconds: 40, "a host that dies after any turn replays it to the same place"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard plain.turns > 1 else { return }
      for turn in 1..<plain.turns {
        var plan = SteppedPlan(seed: run.seed)
        plan.replayAfter = turn
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if report.signature != plain.signature {
          return run.find(
            "S-6", expected: plain.endText.cut,
            happened: "\(transcript.name), replayed after turn \(turn): \(report.endText.cut)")
        }
      }
    }
  }

  static let expired = ConformanceCase(
    "G11", ["R-2", "S-1"], .silver, seconds: 30,
    "begun after its deadline, it writes nothing and says TIMEOUT"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard !plain.exchanges.isEmpty else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.deadline = .seconds(-1)
      let report = SteppedOperation(host, transcript, plan, run).perform()
      run.expectEnd(report, "\(transcript.name) after its deadline")
      // Where nothing else was asked for afterwards, the time-out is what it ended by.
      if case .failed(let error) = report.end, report.exchanges.last?.answer.outcome == .timeout,
        report.exchanges.count == 1, ![.timeout, .unknownOutcome].contains(error.code)
      {
        run.find(
          "R-2", expected: "TIMEOUT", happened: "\(transcript.name) after its deadline: \(error.code.name)")
      }
    }
  }

  static let quota = ConformanceCase(
    "G12", ["S-13"], .silver, seconds: 30, "a record that the host did not take is not passed over"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      guard transcript.kind == .sync, !plain.records.isEmpty, case .completed(let result) = plain.end else {
        return
      }
      for allowed in 0..<min(plain.records.count, 40) {
        asked += 1
        var plan = SteppedPlan(seed: run.seed)
        plan.emitAllowance = allowed
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name), \(allowed) records taken")
        if case .completed(result) = report.end, report.records.count < plain.records.count {
          return run.find(
            "S-13", expected: "no cursor beyond a record that was not taken",
            happened:
              "\(transcript.name) completed as if all \(plain.records.count) had been, with \(allowed)")
        }
      }
    }
    if asked == 0 { throw .skip("no transcript emits records") }
  }
}
