internal import ConnectorModel
internal import JSONSchema
internal import Manifest
internal import Ports

/// Categories I and L, of what a platform may answer.
enum AnswerCases {
  static let all: [ConformanceCase] = [malicious, redirect, tolerant, conforming, wide]

  /// What no platform should send, and some do.
  static let hostileBodies: [(name: String, bytes: [UInt8])] = [
    ("nothing but an opening bracket", Array("[".utf8)),
    (
      "10,000 nested arrays",
      Array(
        (String(repeating: "[", count: 10_000)
          + String(repeating: "]", count: 10_000)).utf8)
    ),
    (
      "10,000 nested objects",
      Array(
        (String(repeating: "{\"a\":", count: 10_000) + "1"
          + String(repeating: "}", count: 10_000)).utf8)
    ),
    ("the same member twice", Array(#"{"id":"1","id":{"id":2},"id":[]}"#.utf8)),
    ("NaN", Array(#"{"id":NaN,"total":Infinity,"count":-Infinity}"#.utf8)),
    ("a number of 400 digits", Array("{\"id\":\(String(repeating: "9", count: 400))}".utf8)),
    ("1e999999", Array(#"{"id":1e999999,"total":-1e999999,"count":1e-999999}"#.utf8)),
    ("null", Array("null".utf8)), ("an empty array", Array("[]".utf8)), ("an empty object", Array("{}".utf8)),
    ("a text", Array("\"ok\"".utf8)), ("a number", Array("-0".utf8)),
    ("bytes that are no UTF-8", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0xC0, 0x80, 0x7D]),
    ("a lone surrogate", Array(#"{"id":"\ud800","name":"\udfff\ud800"}"#.utf8)),
    ("a NUL inside", Array("{\"id\":\"a\u{0}b\"}".utf8)),
    ("a byte order mark", [0xEF, 0xBB, 0xBF] + Array("{}".utf8)),
    ("256 KiB of one text", Array("{\"id\":\"\(String(repeating: "x", count: 256 << 10))\"}".utf8)),
    ("HTML", Array("<!doctype html><html><body>Bad gateway</body></html>".utf8)),
    (
      "gzip that says it is JSON",
      [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0xAA, count: 64)
    ),
  ]

  /// A host that is built for debugging reads such an answer for a tenth of a second: one transcript of an operation
  /// meets it, the others only the smaller ones.
  private static let large = 10_000

  static let malicious = ConformanceCase(
    "I9", ["S-9", "S-1", "P-2", "T-4"], .silver, seconds: 60,
    "no answer of a platform, however broken, breaks more than its operation"
  ) { run throws(CaseStop) in
    var runs = 0
    var asked: Set<String> = []
    try run.eachPlain { host, transcript, plain in
      for effect in plain.outerEffects {
        let isFirst = asked.insert("\(transcript.kind) \(transcript.operation) \(effect)").inserted
        for (name, bytes) in hostileBodies where isFirst || bytes.count < large {
          var plan = SteppedPlan(seed: run.seed)
          plan.answers = [effect: .json(200, bytes)]
          runs += 1
          let report = SteppedOperation(host, transcript, plan, run).perform()
          run.expectEnd(report, "\(transcript.name), \(name) as answer \(effect + 1)")
          if run.hasFindings { return }
        }
        var plan = SteppedPlan(seed: run.seed)
        let many = (0..<1_000).map { HeaderField("x-many-\($0)", String(repeating: "v", count: 30)) }
        plan.answers = [effect: .answered(TransportAnswer(status: 200, headers: many, body: []))]
        run.expectEnd(
          SteppedOperation(host, transcript, plan, run).perform(),
          "\(transcript.name), 1,000 headers with answer \(effect + 1)")
      }
    }
    run.note("\(runs) runs")
  }

  static let redirect = ConformanceCase(
    "I4", ["H-3"], .silver, seconds: 30, "a redirect to somebody else's host is followed by nobody"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for effect in plain.outerEffects {
        for status in [301, 302, 307] {
          var plan = SteppedPlan(seed: run.seed)
          plan.answers = [
            effect: .answered(
              TransportAnswer(
                status: status, headers: [HeaderField("location", "https://evil.example/take")], body: []))
          ]
          let report = SteppedOperation(host, transcript, plan, run).perform()
          let place = "\(transcript.name), answer \(effect + 1) with status \(status)"
          run.expectEnd(report, place)
          if report.requests.contains(where: { $0.wholeURL.hasPrefix("https://evil.example") })
            || report.exchanges.contains(where: { $0.request.url.contains("evil.example") })
          {
            return run.find("H-3", expected: "no request to evil.example", happened: place)
          }
        }
      }
    }
  }

  static let tolerant = ConformanceCase(
    "L9", [], .gold, seconds: 30, "members that a platform adds to its answers change nothing"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard !plain.exchanges.isEmpty else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.rewrite = { answer in
        AnswerRewriting.changed(answer) { AddedMembers.added(to: $0) }
      }
      run.doing("members added to the answers of \(transcript.name)", rule: "value")
      let report = SteppedOperation(host, transcript, plan, run).perform()
      guard report.endText != plain.endText else { return }
      // What it hands on as it is, such as fields that the account's owner named, has the new members too.
      guard let result = report.result, let own = plain.result, AddedMembers.areAll(in: result, over: own)
      else {
        return run.find(
          "value", expected: plain.endText.cut, happened: "\(transcript.name): \(report.endText.cut)")
      }
      guard let schema = PackageCases.schema(host.manifest.actions[transcript.operation]?.output, run) else {
        return
      }
      for finding in schema.validate(result) {
        run.find(
          "value", expected: "a result as the schema says, whatever the platform adds",
          happened: "\(transcript.name): \(finding.pointer) \(finding.message)")
      }
    }
  }

  static let conforming = ConformanceCase(
    "L11", [], .gold, seconds: 30, "every result and every record is what its schema says"
  ) { run throws(CaseStop) in
    var judged = 0
    try run.eachPlain { host, transcript, plain in
      let action = host.manifest.actions[transcript.operation]
      if transcript.kind == .action, case .completed(let bytes) = plain.end,
        let schema = PackageCases.schema(action?.output, run),
        let value = try? StableJSON.decode(JSONValue.self, from: bytes)
      {
        judged += 1
        for finding in schema.validate(value) {
          run.find(
            "value", expected: "a result as the schema says",
            happened: "\(transcript.name): \(finding.pointer) \(finding.message)")
        }
      }
      let stream = host.manifest.sync[transcript.operation]
      guard transcript.kind == .sync, let schema = PackageCases.schema(stream?.record, run) else { return }
      for record in plain.recordValues {
        judged += 1
        for finding in schema.validate(record) {
          run.find(
            "value", expected: "a record as the schema says",
            happened: "\(transcript.name): \(finding.pointer) \(finding.message)")
        }
      }
    }
    if judged == 0 { throw .skip("no action and no stream that ran declares a schema of what it gives") }
  }

  static let wide = ConformanceCase(
    "L6", [], .gold, seconds: 30, "ids of 64 bits come through to the last digit"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard !plain.exchanges.isEmpty else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.rewrite = { answer in AnswerRewriting.changed(answer) { AnswerRewriting.wideIDs(in: $0) } }
      run.doing("ids of 64 bits in the answers of \(transcript.name)", rule: "value")
      let report = SteppedOperation(host, transcript, plan, run).perform()
      let seen = report.endText + report.records.joined() + report.requests.map(\.url).joined()
      // 2^53 + 1 is the first integer that a `double` cannot hold.
      if ["9007199254740992", "9007199254740994", "9.00719925474099"].contains(where: seen.contains) {
        run.find(
          "value", expected: "9007199254740993", happened: "\(transcript.name) rounded it")
      }
    }
  }
}

extension TransportResult {
  static func json(_ status: Int, _ bytes: [UInt8]) -> TransportResult {
    .answered(
      TransportAnswer(status: status, headers: [HeaderField("content-type", "application/json")], body: bytes)
    )
  }
}

extension SteppedReport {
  /// The first and the last HTTP effect, where trying each would take long.
  var outerEffects: [Int] { exchanges.isEmpty ? [] : exchanges.count == 1 ? [0] : [0, exchanges.count - 1] }

  /// What it completed with, when that is JSON.
  var result: JSONValue? {
    guard case .completed(let bytes) = end else { return nil }
    return try? StableJSON.decode(JSONValue.self, from: bytes)
  }

  /// The JSON of each record, in order.
  var recordValues: [JSONValue] {
    emitted.filter { $0.stream == "record" }.map(\.value)
  }
}
