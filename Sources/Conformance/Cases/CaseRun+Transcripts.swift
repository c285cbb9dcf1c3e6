internal import ConnectorModel

extension CaseRun {
  /// Does something with each transcript that runs well when nothing interferes.
  func eachPlain(
    _ body: (SteppedHost, Transcript, SteppedReport) throws(CaseStop) -> Void
  ) throws(CaseStop) {
    let host = try SteppedHost.open(self)
    for transcript in try host.transcripts(self) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: seed), self).perform()
      if case .broke = plain.end { continue }
      try body(host, transcript, plain)
    }
  }

  /// Tells what keeps an operation from ending well, whichever way.
  func expectEnd(_ report: SteppedReport, _ place: String) {
    switch report.end {
    case .broke(let violation):
      find(violation.rule, expected: "no broken rule", happened: "\(place): \(violation.what)")
    case .endless(let reason): find("S-1", expected: "an end", happened: "\(place): \(reason)")
    case .completed, .failed, .stopped: break
    }
  }
}
