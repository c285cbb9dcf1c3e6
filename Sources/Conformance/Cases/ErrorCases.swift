internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category J: what a platform refuses, and what the caller is told.
enum ErrorCases {
  static let all: [ConformanceCase] = [table, signedOut, limited, requestID, stubborn, garbage]

  static let table = ConformanceCase(
    "J1", ["R-2"], .gold, seconds: 40, "each error body that the platform is known to send has its code"
  ) { run throws(CaseStop) in
    let path = run.subject.errorTable
    let read: [ErrorTable.Row]?
    do throws(TranscriptFault) {
      read = try ErrorTable.read(path)
    } catch {
      return run.find(
        "transcript", expected: "an error table as docs/conformance.md says", happened: error.what)
    }
    guard let rows = read?.filter(\.items.isEmpty) else { throw .skip("there is no \(path)") }
    let host = try SteppedHost.open(run)
    let transcripts = try host.transcripts(run)
    for row in rows {
      let chosen = transcripts.first { $0.name == row.transcript }
      guard let transcript = chosen else {
        run.find("transcript", expected: "a transcript `\(row.transcript)`", happened: "there is none")
        continue
      }
      var plan = SteppedPlan(seed: run.seed)
      plan.answers = [row.request - 1: row.answer]
      let report = SteppedOperation(host, transcript, plan, run).perform()
      run.expectEnd(report, row.about)
      guard report.exchanges.count >= row.request else {
        run.find(
          "transcript", expected: "\(row.request) requests of `\(row.transcript)`",
          happened: "\(report.exchanges.count)")
        continue
      }
      guard case .failed(let error) = report.end, error.code == row.code else {
        run.find("R-2", expected: "\(row.code.name) for \(row.about)", happened: report.endText.cut)
        continue
      }
      if let wanted = row.platformCode, error.platformCode != wanted {
        run.find(
          "R-2", expected: "the platform's code `\(wanted)` for \(row.about)",
          happened: "`\(error.platformCode.cut)`")
      }
    }
    run.note("\(rows.count) bodies")
  }

  static let signedOut = ConformanceCase(
    "J2", ["R-2"], .gold, seconds: 40,
    "credentials that a platform no longer takes are UNAUTHENTICATED to the caller"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for effect in plain.exchanges.indices {
        var plan = SteppedPlan(seed: run.seed)
        plan.faults = [effect: .unauthenticated]
        let report = SteppedOperation(host, transcript, plan, run).perform()
        guard case .failed(let error) = report.end, report.exchanges.count == effect + 1,
          report.exchanges.last?.answer.outcome == .unauthenticated
        else { continue }
        if error.code != .unauthenticated {
          run.find(
            "R-2", expected: "UNAUTHENTICATED",
            happened: "\(transcript.name), request \(effect + 1) with 401: \(error.code.name)")
        }
      }
    }
  }

  private static let limits: [(name: String, headers: [HeaderField])] = [
    ("seconds", [HeaderField("retry-after", "2")]), ("nothing", []),
    ("a date", [HeaderField("retry-after", "Thu, 01 Jan 2026 00:00:03 GMT")]),
    ("a word", [HeaderField("retry-after", "soon")]),
    ("a number without end", [HeaderField("retry-after", "99999999999999999999")]),
  ]

  static let limited = ConformanceCase(
    "J3", ["R-2"], .gold, seconds: 40,
    "a platform's limit is RATE_LIMITED to the caller, however it says how long"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for effect in plain.outerEffects {
        for (name, headers) in limits {
          var plan = SteppedPlan(seed: run.seed)
          plan.answers = [effect: .answered(TransportAnswer(status: 429, headers: headers, body: []))]
          let report = SteppedOperation(host, transcript, plan, run).perform()
          let place = "\(transcript.name), request \(effect + 1), 429 with \(name)"
          run.expectEnd(report, place)
          guard case .failed(let error) = report.end, report.exchanges.count == effect + 1,
            report.exchanges.last?.answer.outcome == .rateLimited
          else { continue }
          if ![.rateLimited, .quota].contains(error.code) {
            return run.find("R-2", expected: "RATE_LIMITED", happened: "\(place): \(error.code.name)")
          }
        }
      }
    }
  }

  static let requestID = ConformanceCase(
    "J6", ["R-2"], .gold, strength: .should, seconds: 40,
    "what a platform calls a request is kept, so that its support can find it"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    guard let header = manifest.errorFields.requestID else {
      throw .skip("`error_fields` names no request_id")
    }
    try run.eachPlain { host, transcript, plain in
      for effect in plain.exchanges.indices {
        var plan = SteppedPlan(seed: run.seed)
        plan.answers = [
          effect: .answered(
            TransportAnswer(
              status: 400,
              headers: [
                HeaderField("content-type", "application/json"), HeaderField(header.lowercased(), "pb-req-1"),
              ],
              body: Array("{}".utf8)))
        ]
        let report = SteppedOperation(host, transcript, plan, run).perform()
        guard case .failed(let error) = report.end, report.exchanges.count == effect + 1 else { continue }
        if error.requestID != "pb-req-1" {
          return run.find(
            "R-2", expected: "the request's id", happened: "\(transcript.name): `\(error.requestID.cut)`")
        }
      }
    }
  }

  static let stubborn = ConformanceCase(
    "J8", ["R-3"], .gold, seconds: 40, "it leaves repeating to the host when a platform is down"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for fault in [PlatformFault.broken, .limited, .cut, .unreachable] {
        var plan = SteppedPlan(seed: run.seed)
        plan.standingFault = fault
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name), \(fault.rawValue) for ever")
        var counts: [String: Int] = [:]
        for exchange in report.exchanges {
          let body = exchange.request.body?.inlineBytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
          counts["\(exchange.request.method) \(exchange.request.url) \(body)", default: 0] += 1
        }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        if let most, most.value > 2 {
          return run.find(
            "R-3", expected: "one request, which the host repeats when it may",
            happened: "\(transcript.name) sent the same \(most.key.prefix { $0 != " " }) \(most.value) times")
        }
      }
    }
  }

  private static let pages: [(name: String, type: String, body: String)] = [
    ("an HTML page", "text/html", "<html><head><title>502</title></head><body>nginx</body></html>"),
    ("an empty body", "application/json", ""),
    ("half a body", "application/json", #"{"error":{"message":"inter"#),
    ("a text", "text/plain", "upstream connect error"),
  ]

  static let garbage = ConformanceCase(
    "J10", ["R-2", "S-9"], .gold, seconds: 40, "a 5xx whose body is no JSON is still the platform's fault"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for effect in plain.outerEffects {
        for (name, type, body) in pages {
          var plan = SteppedPlan(seed: run.seed)
          plan.answers = [
            effect: .answered(
              TransportAnswer(
                status: 502, headers: [HeaderField("content-type", type)], body: Array(body.utf8)))
          ]
          let report = SteppedOperation(host, transcript, plan, run).perform()
          let place = "\(transcript.name), request \(effect + 1), 502 with \(name)"
          run.expectEnd(report, place)
          guard case .failed(let error) = report.end, report.exchanges.count == effect + 1 else { continue }
          if ![.upstream, .unknownOutcome, .unknown, .network, .timeout].contains(error.code) {
            return run.find("R-2", expected: "UPSTREAM", happened: "\(place): \(error.code.name)")
          }
        }
      }
    }
  }
}
