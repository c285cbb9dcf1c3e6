internal import ConnectorModel

/// What is asked of an operation whose end nobody wrote down.
enum FuzzAttempt {
  /// Steps a transcript as its plan says and tells every rule that breaks.
  static func perform(_ transcript: Transcript, on host: SteppedHost, _ run: CaseRun) {
    let plan = transcript.plan ?? SteppedPlan(seed: run.seed)
    judge(
      SteppedOperation(host, transcript, plan, run).perform(), of: transcript, plan, on: host, run)
  }

  /// - Parameter report: of a first run; others are made to compare.
  static func judge(
    _ report: SteppedReport, of transcript: Transcript, _ plan: SteppedPlan, on host: SteppedHost,
    _ run: CaseRun
  ) {
    run.doing("turn \(report.turns) of \(transcript.name)", rule: "S-7")
    switch report.end {
    case .broke(let violation):
      return run.find(violation.rule, expected: "no broken rule", happened: violation.what)
    // Faults and odd answers may rightly cost an operation all its time.
    case .endless(let reason) where reason != SteppedReport.deadlinePassed:
      return run.find("S-1", expected: "an end", happened: reason)
    case .endless, .completed, .failed, .stopped: break
    }
    let again = SteppedOperation(host, transcript, plan, run).perform()
    if again.trace != report.trace {
      return run.find(
        "S-6", expected: "equal effects of equal turns",
        happened: StepCases.difference(report.trace, again.trace))
    }
    guard plan.onlyReorders else { return }
    let plain = SteppedOperation(host, transcript, SteppedPlan(seed: plan.seed), run).perform()
    if plain.signature != report.signature {
      run.find("S-5", expected: plain.endText.cut, happened: report.endText.cut)
    }
  }
}

extension SteppedPlan {
  /// It changes the order or the batching of results, and nothing else.
  fileprivate var onlyReorders: Bool {
    var plain = SteppedPlan(seed: seed)
    plain.threads = threads
    guard json != plain.json else { return false }
    (plain.order, plain.batching) = (order, batching)
    return json == plain.json
  }
}
