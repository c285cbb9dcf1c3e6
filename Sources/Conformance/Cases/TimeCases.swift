internal import ConnectorModel
internal import Manifest

/// Category L, of moments: those that callers name, and those that platforms tell.
enum TimeCases {
  static let all: [ConformanceCase] = [moments]

  /// On quarters of an hour, which some platforms ask for: a leap day, one local time that a change of clocks skips, two
  /// that it brings twice, one that is in another year at Greenwich, half hours, and the years after 2038.
  private static let texts = [
    "2028-02-29T23:45:00Z", "2028-02-29T23:45:00-11:00", "2026-03-29T02:30:00+01:00",
    "2026-10-25T02:30:00+02:00",
    "2026-10-25T02:30:00+01:00", "2026-12-31T23:45:00-05:00", "2026-07-01T00:00:00+05:30",
    "2040-02-29T12:00:00+00:00",
  ]

  static let moments = ConformanceCase(
    "L5", [], .gold, seconds: 60,
    "a moment stays the moment that it was, whatever its zone, its day or its unit"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      let before = ValuePlaces(plain)
      asked += named(host, transcript, before, run) + told(host, transcript, plain, before, run)
    }
    if asked == 0 { throw .skip("no input and no answer of a transcript names a moment with its zone") }
    run.note("\(asked) moments")
  }

  /// Moments of the input; returns how many were looked at.
  private static func named(
    _ host: SteppedHost, _ transcript: Transcript, _ before: ValuePlaces, _ run: CaseRun
  ) -> Int {
    guard let input = try? StableJSON.decode(JSONValue.self, from: transcript.input) else { return 0 }
    var asked = 0
    for (pointer, leaf) in ValuePlaces.leaves(of: input) {
      guard case .string(let text) = leaf, let original = Instant(text) else { continue }
      let places = before.sent.filter { Instant($0.value, at: $0.key) == original }.keys
      guard !places.isEmpty else { continue }
      for text in texts {
        guard let wanted = Instant(text) else { continue }
        run.doing("\(text) as \(pointer) of \(transcript.name)", rule: "value")
        var plan = SteppedPlan(seed: run.seed)
        plan.input = try? StableJSON.encode(ValuePlaces.replacing(pointer, in: input, by: .string(text)))
        let after = ValuePlaces(SteppedOperation(host, transcript, plan, run).perform())
        // It may refuse a moment, and send nothing.
        let arrived = after.sent.filter { places.contains($0.key) }
        asked += arrived.count
        if let change = change(of: wanted, in: arrived) {
          run.find(
            "value", expected: "the moment \(text) of \(pointer)",
            happened: "\(transcript.name), \(change)")
          return asked
        }
      }
    }
    return asked
  }

  /// The first place where another moment stands; nil when none does.
  private static func change(of wanted: Instant, in values: [String: JSONValue]) -> String? {
    values.sorted { $0.key < $1.key }.first { Instant($0.value, at: $0.key) != wanted }
      .map { "\($0.key): \(ValuePlaces.text($0.value))" }
  }

  /// Moments of the answers; returns how many were looked at.
  private static func told(
    _ host: SteppedHost, _ transcript: Transcript, _ plain: SteppedReport, _ before: ValuePlaces,
    _ run: CaseRun
  ) -> Int {
    let answers = plain.exchanges.compactMap { $0.answer.body.inlineBytes }
      .compactMap { try? StableJSON.decode(JSONValue.self, from: $0) }
    let own = Instant(seconds: Int64(transcript.now / 1_000_000_000))
    let known = Set(
      answers.flatMap { ValuePlaces.leaves(of: $0) }.compactMap { Instant($0.value, at: $0.pointer) }
    )
    .subtracting([own])
    let places = before.given.filter { Instant($0.value, at: $0.key).map(known.contains) ?? false }.keys
    guard !places.isEmpty else { return 0 }
    var asked = 0
    for text in texts {
      guard let wanted = Instant(text) else { continue }
      run.doing("\(text) in the answers of \(transcript.name)", rule: "value")
      var plan = SteppedPlan(seed: run.seed)
      plan.rewrite = { answer in AnswerRewriting.changed(answer) { changed($0, to: wanted, text) } }
      let after = ValuePlaces(SteppedOperation(host, transcript, plan, run).perform())
      let given = after.given.filter { places.contains($0.key) }
      asked += given.count
      if let change = change(of: wanted, in: given) {
        run.find(
          "value", expected: "the moment \(text) of the answer", happened: "\(transcript.name), \(change)")
        return asked
      }
    }
    return asked
  }

  /// Every moment is another one, written as it was.
  private static func changed(_ value: JSONValue, to moment: Instant, _ text: String) -> JSONValue {
    ValuePlaces.leaves(of: value).reduce(value) { changed, leaf in
      guard let old = Instant(leaf.value, at: leaf.pointer) else { return changed }
      let other: JSONValue =
        switch leaf.value {
        case .integer(let number): .integer(number == old.seconds ? moment.seconds : moment.seconds * 1_000)
        default: .string(text)
        }
      return ValuePlaces.replacing(leaf.pointer, in: changed, by: other)
    }
  }
}
