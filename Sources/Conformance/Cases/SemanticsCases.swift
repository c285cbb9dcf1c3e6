internal import ConnectorModel
internal import Manifest

/// Category L: what an operation means for the data.
enum SemanticsCases {
  static let all: [ConformanceCase] = [loops, checkpoints, keys, looks, reads]

  static let loops = ConformanceCase(
    "L1", ["S-8", "S-1"], .gold, seconds: 40,
    "a platform that gives the same page for ever is not asked for ever"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      let paths = plain.exchanges.filter { $0.request.method == "GET" }
        .map { $0.request.url.prefix { $0 != "?" } }
      guard Set(paths).count < paths.count else { return }
      asked += 1
      var plan = SteppedPlan(seed: run.seed)
      plan.repeatsAnswers = true
      let report = SteppedOperation(host, transcript, plan, run).perform()
      run.expectEnd(report, "\(transcript.name), the first page for ever")
    }
    if asked == 0 { throw .skip("no transcript asks for a second page") }
  }

  static let checkpoints = ConformanceCase(
    "L2", ["S-13"], .gold, seconds: 30,
    "a stream's cursor stands behind its last record, and records can be told apart"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      guard transcript.kind == .sync, case .completed = plain.end else { return }
      asked += 1
      run.doing("the records of \(transcript.name)", rule: "S-13")
      let emitted = plain.emitted
      guard let lastRecord = emitted.lastIndex(where: { $0.stream == "record" }) else { return }
      // Only a checkpoint commits records; that a host may keep the rest at a good end is nothing to count on.
      guard let last = emitted.lastIndex(where: { $0.stream == "checkpoint" }), last > lastRecord else {
        return run.find(
          "S-13", expected: "a checkpoint after the last record", happened: "\(transcript.name) has none")
      }
      if emitted[last].value["cursor"] == nil {
        run.find("S-13", expected: "`cursor` in a checkpoint", happened: "\(transcript.name) has none")
      }
      let records = plain.recordValues
      if records.contains(where: { $0["id"] == nil }) {
        run.warn("S-13", expected: "`id` in every record", happened: "\(transcript.name) has records without")
      }
    }
    if asked == 0 { throw .skip("no transcript of a stream completes") }
  }

  static let keys = ConformanceCase(
    "L3", ["R-3"], .gold, seconds: 30,
    "the key that tells repeats apart is the same for the same errand, and another for another"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      let sent = plain.exchanges.filter { $0.isWrite && !$0.request.idempotencyKey.isEmpty }
      guard !sent.isEmpty else { return }
      asked += 1
      func keys(of errand: String) -> [String] {
        var other = transcript
        other.idempotencyKey = errand
        return SteppedOperation(host, other, SteppedPlan(seed: run.seed), run).perform().exchanges
          .filter(\.isWrite).map(\.request.idempotencyKey)
      }
      let (first, again, second) = (keys(of: "pb-1"), keys(of: "pb-1"), keys(of: "pb-2"))
      if first != again {
        run.find("R-3", expected: "the same key for the same errand", happened: "\(transcript.name) has two")
      }
      if zip(first, second).contains(where: { !$0.isEmpty && $0 == $1 }) {
        run.find(
          "R-3", expected: "another key for another errand", happened: "\(transcript.name) has one for both")
      }
    }
    if asked == 0 { throw .skip("no write of a transcript carries an idempotency key") }
  }

  static let looks = ConformanceCase(
    "L4", ["R-3"], .gold, seconds: 30, "an attempt after an unknown outcome looks before it writes"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    let named = manifest.actions.filter { $0.value.retry == .reconcile }.map(\.key)
    guard !named.isEmpty else { throw .skip("no action declares `retry: reconcile`") }
    var asked: Set<String> = []
    try run.eachPlain { host, transcript, plain in
      guard transcript.kind == .action, transcript.mustReconcile else { return }
      asked.insert(transcript.operation)
      guard let first = plain.exchanges.first else { return }
      if first.isWrite {
        run.find(
          "R-3", expected: "a look before \(transcript.operation) writes again",
          happened: "\(transcript.name) begins with \(first.request.method)")
      }
      // The same question, with nothing there yet: it must look all the same.
      var plan = SteppedPlan(seed: run.seed)
      plan.rewrite = { answer in AnswerRewriting.changed(answer) { AnswerRewriting.emptied($0) } }
      let report = SteppedOperation(host, transcript, plan, run).perform()
      if let first = report.exchanges.first, first.isWrite {
        run.find(
          "R-3", expected: "a look before \(transcript.operation) writes again",
          happened: "\(transcript.name) writes first when the platform lists nothing")
      }
    }
    for name in named.sorted() where !asked.contains(name) {
      run.warn(
        "R-3", expected: "a transcript of \(name) with `\"reconcile\": true`", happened: "there is none")
    }
  }

  static let reads = ConformanceCase(
    "L10", [], .gold, seconds: 30, "actions that say they only read change nothing"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      let isRead =
        transcript.kind == .health || transcript.kind == .sync
        || host.manifest.actions[transcript.operation]?.effect == .read
      guard isRead else { return }
      run.doing("the requests of \(transcript.name)", rule: "manifest")
      if let write = plain.exchanges.first(where: \.isWrite) {
        run.find(
          "manifest", expected: "`effect: write`, or no request that changes anything",
          happened: "\(transcript.name) sends \(write.request.method)")
      }
    }
  }
}
