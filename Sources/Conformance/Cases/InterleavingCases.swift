internal import ConnectorModel
internal import Manifest

/// Categories G and I, of operations that are under way at the same time.
enum InterleavingCases {
  static let all: [ConformanceCase] = [interleaved, tenants]

  static let interleaved = ConformanceCase(
    "G10", ["S-6"], .silver, seconds: 40, "operations whose turns are mixed end as they do alone"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    var choice = SplitMix64(seed: run.seed)
    var alone: [(Transcript, String)] = []
    for transcript in try host.transcripts(run) {
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      if case .broke = report.end { continue }
      alone.append((transcript, report.signature))
    }
    guard !alone.isEmpty else { throw .skip("no transcript runs well by itself; see G1") }
    for round in 0..<4 {
      var operations: [(SteppedOperation, Transcript, String)] = []
      for (transcript, signature) in alone + alone {
        operations.append(
          (SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run), transcript, signature))
      }
      operations.shuffle(using: &choice)
      run.doing("mixing \(operations.count) operations, round \(round + 1)", rule: "S-6")
      for (operation, _, _) in operations { operation.begin() }
      var live = Array(operations.indices)
      while !live.isEmpty {
        let place = Int.random(in: 0..<live.count, using: &choice)
        if !operations[live[place]].0.step() { live.remove(at: place) }
      }
      for (operation, transcript, signature) in operations {
        let report = operation.finish()
        if report.signature != signature {
          return run.find(
            "S-6", expected: "the end that it has alone",
            happened: "\(transcript.name) among others: \(report.endText.cut)")
        }
      }
    }
  }

  static let tenants = ConformanceCase(
    "I7", ["L-6"], .silver, seconds: 40, "nothing of one account reaches a request or a result of another"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let marks = ["pbfirstaccount", "pbsecondaccount"]
      let operations = marks.map { mark in
        var plan = SteppedPlan(seed: run.seed)
        plan.connection = "con_\(mark)"
        plan.input = InputMutation.each(of: transcript.input, by: [mark]).first?.input ?? transcript.input
        return SteppedOperation(host, transcript, plan, run)
      }
      run.doing("two accounts in turn, \(transcript.name)", rule: "L-6")
      for operation in operations { operation.begin() }
      var isLive = true
      while isLive {
        isLive = false
        for operation in operations where operation.step() { isLive = true }
      }
      let reports = operations.map { $0.finish() }
      for (report, mark) in zip(reports, marks) {
        let other = mark == marks[0] ? marks[1] : marks[0]
        if report.trace.contains(other) || report.endText.contains(other) {
          run.find(
            "L-6", expected: "nothing of another account",
            happened: "\(transcript.name) of one account carries a value of the other")
        }
      }
    }
  }
}
