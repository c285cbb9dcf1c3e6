internal import ConnectorModel
internal import Manifest

/// Category F: what is lent is read, not kept and not written.
///
/// The bridge lends copies that end at an unmapped page, are read-only during the call and unmapped after it.
enum MemoryCases {
  static let all: [ConformanceCase] = [guarded, longer, strings, leak]

  static let guarded = ConformanceCase(
    "F1", ["M-1", "M-8", "M-2", "M-6"], .silver, seconds: 30, guarded: true,
    "nothing is read past its end, written, or used after the call that lent it"
  ) { run throws(CaseStop) in try Self.runAll(run, differing: "M-1") }

  static let longer = ConformanceCase(
    "F4", ["M-6", "E-2", "M-1"], .silver, seconds: 30, guarded: true, growth: 64,
    "structures that a newer host made longer are read as far as they are known"
  ) { run throws(CaseStop) in try Self.runAll(run, differing: "M-6") }

  /// Runs all transcripts; `rule` is broken when one ends another way than in plain memory.
  private static func runAll(_ run: CaseRun, differing rule: String) throws(CaseStop) {
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      run.judge(report, of: transcript)
      if let ended = report.code, ended != transcript.end.code {
        run.find(
          rule, expected: "the end that \(transcript.name) has elsewhere", happened: report.endText.cut)
      }
    }
  }

  /// Texts that careless code falls over.
  static let texts = [
    "", "\u{0}", "a\u{0}b", "\u{FEFF}x", "😀👨‍👩‍👧‍👦", "\u{202E}rtl", "\u{200D}", "e\u{301}",
    String(repeating: "x", count: 20_000), "\"\\/",
    "%00%0d%0a", "日本語", "\u{7F}\u{1B}[31m",
  ]

  static let strings = ConformanceCase(
    "F6", ["M-8", "P-2", "M-1"], .silver, seconds: 40, guarded: true,
    "texts of every kind pass through, or are refused"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      for (text, input) in InputMutation.each(of: transcript.input, by: Self.texts) {
        var plan = SteppedPlan(seed: run.seed)
        plan.input = input
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if case .broke(let violation) = report.end {
          run.find(
            violation.rule, expected: "no broken rule whatever the text",
            happened: "\(transcript.name) with \(text.debugDescription.prefix(40)): \(violation.what)")
          break
        }
      }
    }
  }

  static let leak = ConformanceCase(
    "F8", ["M-2"], .silver, strength: .should, seconds: 60, "operations leave no memory behind"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    guard let transcript = try host.transcripts(run).first(where: { $0.exchanges.count <= 2 }) else {
      throw .skip("no transcript is short enough to be run often")
    }
    func round() {
      for _ in 0..<200 { _ = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform() }
    }
    round()
    let grown = GuardedMemory.leastGrowth(enough: 64 * 200, rounds: round) / 200
    if grown > 64 { run.find("M-2", expected: "no growth", happened: "\(grown) bytes for each operation") }
    run.note("\(grown) bytes for each operation")
  }
}

/// Inputs in which one text is another.
enum InputMutation {
  /// Every text of `input` replaced by each of `texts`, with the text that it was.
  static func each(of input: [UInt8], by texts: [String]) -> [(text: String, input: [UInt8])] {
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else { return [] }
    let leaves = count(value)
    return (0..<leaves).flatMap { index in
      texts.compactMap { text in
        var left = index
        let changed = replace(value, &left, text)
        return (try? StableJSON.encode(changed)).map { (text, $0) }
      }
    }
  }

  /// As `each`, with the text that was replaced.
  static func named(
    of input: [UInt8], by texts: [String]
  ) -> [(original: String, text: String, input: [UInt8])] {
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else { return [] }
    return leaves(value).enumerated().flatMap { index, original in
      texts.compactMap { text in
        var left = index
        let changed = replace(value, &left, text)
        return (try? StableJSON.encode(changed)).map { (original, text, $0) }
      }
    }
  }

  /// In the order in which they are replaced.
  private static func leaves(_ value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(leaves)
    case .object(let members): members.sorted { $0.key < $1.key }.flatMap { leaves($0.value) }
    case .null, .bool, .integer, .decimal: []
    }
  }

  private static func count(_ value: JSONValue) -> Int {
    switch value {
    case .string: 1
    case .array(let elements): elements.reduce(0) { $0 + count($1) }
    case .object(let members): members.values.reduce(0) { $0 + count($1) }
    case .null, .bool, .integer, .decimal: 0
    }
  }

  private static func replace(_ value: JSONValue, _ left: inout Int, _ text: String) -> JSONValue {
    switch value {
    case .string:
      defer { left -= 1 }
      return left == 0 ? .string(text) : value
    case .array(let elements):
      var changed: [JSONValue] = []
      for element in elements { changed.append(replace(element, &left, text)) }
      return .array(changed)
    case .object(let members):
      var changed: [String: JSONValue] = [:]
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        changed[name] = replace(member, &left, text)
      }
      return .object(changed)
    case .null, .bool, .integer, .decimal: return value
    }
  }
}
