internal import ConnectorModel
internal import Manifest

/// Category L, of how long texts may be.
enum TextLimitCases {
  static let all: [ConformanceCase] = [counted]

  /// How a platform counts: `x-counts` of a schema beside `maxLength`.
  private enum Unit: String {
    case codePoints = "code-points", utf16 = "utf-16", bytes

    func count(_ text: String) -> Int {
      switch self {
      case .codePoints: text.unicodeScalars.count
      case .utf16: text.utf16.count
      case .bytes: text.utf8.count
      }
    }
  }

  /// One to four bytes, one or two units of UTF-16 each.
  private static let letters = ["a", "é", "日", "😀"]
  private static let longest = 20_000

  static let counted = ConformanceCase(
    "L7", [], .gold, seconds: 60,
    "a text as long as its schema allows arrives whole, whatever its letters weigh, and a longer one does not"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      guard transcript.kind == .action,
        let document = run.document(host.manifest.actions[transcript.operation]?.input),
        let input = try? StableJSON.decode(JSONValue.self, from: transcript.input)
      else { return }
      for text in boundedTexts(
        of: input, of: transcript.name, by: SchemaPlaces(root: document), sentBy: plain)
      {
        guard let unit = Unit(rawValue: text.unit) else {
          run.find(
            "manifest", expected: "`x-counts` of code-points, utf-16 or bytes", happened: "`\(text.unit.cut)`"
          )
          continue
        }
        for letter in letters where text.longest / unit.count(letter) > 0 {
          asked += 1
          let isKept = judge(text, unit, letter, run) { changed in
            var plan = SteppedPlan(seed: run.seed)
            plan.input = try? StableJSON.encode(
              ValuePlaces.replacing(text.pointer, in: input, by: .string(changed)))
            return SteppedOperation(host, transcript, plan, run).perform()
          }
          guard isKept else { return }
        }
      }
    }
    if asked == 0 {
      throw .skip("no text with a `maxLength` comes into a request: \(run.subject.place(of: "actions"))")
    }
    run.note("\(asked) texts")
  }

  /// A text of an input whose length its schema bounds.
  private struct BoundedText {
    let pointer: String
    /// For people.
    let about: String
    /// In units of `unit`, which is what the schema says.
    let longest: Int
    let unit: String
    /// Where requests carry it.
    let places: [String]
  }

  private static func boundedTexts(
    of input: JSONValue, of transcript: String, by schema: SchemaPlaces, sentBy report: SteppedReport
  ) -> [BoundedText] {
    let sent = ValuePlaces(report)
    return ValuePlaces.leaves(of: input).compactMap { pointer, leaf in
      guard case .string(let text) = leaf, text.utf8.count > 2, !sent.inPaths.contains(text),
        let limit = schema.limit(at: pointer), limit.length <= longest
      else { return nil }
      let places = sent.sent.filter { $0.value == leaf }.keys.sorted()
      guard !places.isEmpty else { return nil }
      return BoundedText(
        pointer: pointer, about: "\(pointer) of \(transcript)", longest: limit.length, unit: limit.unit,
        places: places)
    }
  }

  /// Whether the connector keeps to the schema with as many of a letter as it allows, and with one more.
  private static func judge(
    _ bounded: BoundedText, _ unit: Unit, _ letter: String, _ run: CaseRun,
    perform: (String) -> SteppedReport
  ) -> Bool {
    let most = bounded.longest / unit.count(letter)
    let full = String(repeating: letter, count: most)
    run.doing("\(most) times \(letter) as \(bounded.about)", rule: "value")
    let report = perform(full)
    if case .failed(let error) = report.end, error.code == .invalidInput, report.exchanges.isEmpty {
      run.find(
        "value", expected: "\(bounded.longest) \(unit.rawValue) as \(bounded.about), as the schema says",
        happened: "\(most) times \(letter) are refused")
      return false
    }
    let sent = ValuePlaces(report).sent
    for place in bounded.places {
      guard let arrived = sent[place], arrived != .string(full) else { continue }
      run.find(
        "value", expected: "all of \(most) times \(letter) as \(bounded.about)",
        happened: "\(place): \(ValuePlaces.text(arrived).cut)")
      return false
    }
    // What the schema itself refuses never comes to a connector.
    guard unit != .codePoints, most < bounded.longest else { return true }
    let longer = full + letter
    guard ValuePlaces(perform(longer)).sent[bounded.places[0]] == .string(longer) else { return true }
    run.find(
      "value", expected: "no more than \(bounded.longest) \(unit.rawValue) as \(bounded.about)",
      happened: "\(most + 1) times \(letter) are sent")
    return false
  }
}

extension CaseRun {
  fileprivate func document(_ path: String?) -> JSONValue? {
    path.flatMap(Subject.bytes).flatMap { try? StableJSON.decode(JSONValue.self, from: $0) }
  }
}

/// What a schema says of one place of the values that it judges.
private struct SchemaPlaces {
  let root: JSONValue

  /// The longest text at `pointer` and how it is counted; nil where other keywords say which texts there may be.
  func limit(at pointer: String) -> (length: Int, unit: String)? {
    var schemas = [root]
    for step in pointer.split(separator: "/") {
      schemas = schemas.flatMap { parts(of: $0, at: String(step)) }
    }
    let own = schemas.flatMap { alternatives(of: $0) }
    guard
      !own.contains(where: { schema in ["enum", "const", "pattern", "format"].contains { schema[$0] != nil } }
      )
    else {
      return nil
    }
    let lengths = own.compactMap { $0["maxLength"]?.integer }
    guard let length = lengths.min(), length > 0 else { return nil }
    return (Int(clamping: length), own.compactMap { $0["x-counts"]?.text }.first ?? "code-points")
  }

  private func parts(of schema: JSONValue, at step: String) -> [JSONValue] {
    alternatives(of: schema).flatMap { schema -> [JSONValue] in
      if Int(step) != nil, let items = schema["items"] { return [items] }
      return schema["properties"]?[step].map { [$0] } ?? []
    }
  }

  /// The schema, what it refers to, and what stands under `allOf`, `anyOf` and `oneOf`.
  private func alternatives(of schema: JSONValue, depth: Int = 0) -> [JSONValue] {
    guard depth < 8 else { return [] }
    var found = [schema]
    if let reference = schema["$ref"]?.text, reference.hasPrefix("#/") {
      let target = reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
      if let target { found += alternatives(of: target, depth: depth + 1) }
    }
    for word in ["allOf", "anyOf", "oneOf"] {
      found += (schema[word]?.elements ?? []).flatMap { alternatives(of: $0, depth: depth + 1) }
    }
    return found
  }
}
