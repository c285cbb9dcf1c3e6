internal import ConnectorModel
internal import Manifest

/// Category K, of what a connector makes of a webhook; the host verifies before it asks.
enum WebhookCases {
  static let all: [ConformanceCase] = [verdict, batch, unknown, raw]

  static let verdict = ConformanceCase(
    "K10", ["S-7"], .gold, "a webhook has its verdict in the first turn, without a request"
  ) { run throws(CaseStop) in
    try Self.each(run) { host, transcript, plain in
      if plain.turns > 1 {
        run.find(
          "S-7", expected: "a verdict in the first turn", happened: "\(transcript.name) took \(plain.turns)")
      }
      guard case .completed(let bytes) = plain.end,
        let word = (try? StableJSON.decode(JSONValue.self, from: bytes))?["verdict"]?.text,
        ["accept", "reject", "challenge"].contains(word)
      else {
        return run.find(
          "S-7", expected: "`verdict` of accept, reject or challenge", happened: plain.endText.cut)
      }
      if plain.slowestTurn > .milliseconds(5) {
        run.warn("S-7", expected: "5 ms", happened: "\(transcript.name) took \(plain.slowestTurn)")
      }
    }
  }

  static let batch = ConformanceCase(
    "K7", ["S-6"], .gold, "every event of a batch has an id of its own, the same when the batch comes again"
  ) { run throws(CaseStop) in
    var seen = 0
    try Self.each(run) { host, transcript, plain in
      let first = Self.events(plain)
      let again = Self.events(
        SteppedOperation(host, transcript, SteppedPlan(seed: run.seed &+ 1), run).perform())
      seen += first.count
      let ids = first.map { $0["id"] }
      if ids.contains(where: { $0 == nil }) {
        run.find("S-6", expected: "`id` in every event", happened: "\(transcript.name) has one without")
      } else if Set(ids).count < ids.count {
        run.find(
          "S-6", expected: "an id of its own for each event", happened: "\(transcript.name) repeats one")
      }
      if first != again {
        run.find("S-6", expected: "the same events again", happened: "\(transcript.name) gives others")
      }
    }
    if seen == 0 { throw .skip("no webhook of a transcript brings events") }
  }

  static let unknown = ConformanceCase(
    "K8", ["E-3"], .gold, "members and kinds of events that nobody knows yet are passed over, not refused"
  ) { run throws(CaseStop) in
    try Self.each(run) { host, transcript, plain in
      guard let value = try? StableJSON.decode(JSONValue.self, from: transcript.input),
        case .completed = plain.end
      else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.input = try? StableJSON.encode(AddedMembers.added(to: value))
      var report = SteppedOperation(host, transcript, plan, run).perform()
      if Self.verdict(report) != Self.verdict(plain) || Self.events(report).count != Self.events(plain).count
      {
        run.find(
          "E-3", expected: plain.endText.cut,
          happened: "\(transcript.name) with members that are new: \(report.endText.cut)")
      }
      for (text, input) in InputMutation.each(of: transcript.input, by: ["pb_unheard_of"]) {
        plan.input = input
        report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name) with \(text)")
        if case .failed(let error) = report.end, ![.invalidInput, .unsupported].contains(error.code) {
          run.find(
            "E-3", expected: "a verdict for what is new", happened: "\(transcript.name): \(error.code.name)")
        }
      }
    }
  }

  static let raw = ConformanceCase(
    "K3", ["P-2"], .gold,
    "a body is read as it came: white space, escapes and line ends change nothing, and no body crashes it"
  ) { run throws(CaseStop) in
    try Self.each(run) { host, transcript, plain in
      let text = String(decoding: transcript.input, as: UTF8.self)
      let isJSON = (try? StableJSON.decode(JSONValue.self, from: transcript.input)) != nil
      for (name, body) in [
        ("line ends at both ends", "\r\n\t \(text) \r\n"),
        ("escaped slashes", text.replacing("/", with: "\\/")),
      ] where isJSON {
        var plan = SteppedPlan(seed: run.seed)
        plan.input = Array(body.utf8)
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if report.endText != plain.endText {
          run.find(
            "P-2", expected: plain.endText.cut,
            happened: "\(transcript.name) with \(name): \(report.endText.cut)")
        }
      }
      for (name, bytes) in AnswerCases.hostileBodies {
        var plan = SteppedPlan(seed: run.seed)
        plan.input = bytes
        run.expectEnd(
          SteppedOperation(host, transcript, plan, run).perform(), "\(transcript.name), \(name) as body")
        if run.hasFindings { return }
      }
    }
  }

  private static func each(
    _ run: CaseRun, _ body: (SteppedHost, Transcript, SteppedReport) throws(CaseStop) -> Void
  ) throws(CaseStop) {
    let manifest = try run.manifest()
    guard !manifest.webhooks.isEmpty else { throw .skip("the manifest declares no `webhooks`") }
    var asked = 0
    try run.eachPlain { host, transcript, plain throws(CaseStop) in
      guard transcript.kind == .webhook else { return }
      asked += 1
      run.doing("the webhook of \(transcript.name)", rule: "S-7")
      try body(host, transcript, plain)
    }
    if asked == 0 { throw .skip("no transcript is of a webhook") }
  }

  private static func value(_ report: SteppedReport) -> JSONValue? {
    guard case .completed(let bytes) = report.end else { return nil }
    return try? StableJSON.decode(JSONValue.self, from: bytes)
  }

  private static func verdict(_ report: SteppedReport) -> String? { value(report)?["verdict"]?.text }

  private static func events(_ report: SteppedReport) -> [JSONValue] {
    value(report)?["events"]?.elements ?? []
  }
}
