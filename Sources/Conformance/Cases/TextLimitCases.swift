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
      let before = ValuePlaces(plain)
      let schema = SchemaPlaces(root: document)
      for (pointer, leaf) in ValuePlaces.leaves(of: input) {
        guard case .string(let text) = leaf, text.utf8.count > 2, !before.inPaths.contains(text),
          let limit = schema.limit(at: pointer), limit.length <= longest
        else { continue }
        let places = before.sent.filter { $0.value == leaf }.keys.sorted()
        guard !places.isEmpty else { continue }
        guard let unit = Unit(rawValue: limit.unit) else {
          run.find(
            "manifest", expected: "`x-counts` of code-points, utf-16 or bytes",
            happened: "`\(limit.unit.cut)`")
          continue
        }
        for letter in letters {
          let most = limit.length / unit.count(letter)
          guard most > 0 else { continue }
          run.doing("\(most) times \(letter) as \(pointer) of \(transcript.name)", rule: "value")
          func send(_ count: Int) -> (report: SteppedReport, after: ValuePlaces, text: String) {
            let text = String(repeating: letter, count: count)
            var plan = SteppedPlan(seed: run.seed)
            plan.input = try? StableJSON.encode(ValuePlaces.replacing(pointer, in: input, by: .string(text)))
            let report = SteppedOperation(host, transcript, plan, run).perform()
            return (report, ValuePlaces(report), text)
          }
          let full = send(most)
          asked += 1
          if case .failed(let error) = full.report.end, error.code == .invalidInput,
            full.report.exchanges.isEmpty
          {
            return run.find(
              "value", expected: "\(limit.length) \(limit.unit) as \(pointer), as the schema says",
              happened: "\(transcript.name) refuses \(most) times \(letter)")
          }
          for place in places {
            guard let arrived = full.after.sent[place], arrived != .string(full.text) else { continue }
            return run.find(
              "value", expected: "all of \(most) times \(letter)",
              happened: "\(transcript.name), \(place): \(ValuePlaces.text(arrived).cut)")
          }
          // What the schema itself refuses never comes to a connector.
          guard unit != .codePoints, most < limit.length else { continue }
          let over = send(most + 1)
          if over.after.sent[places[0]] == .string(over.text) {
            return run.find(
              "value", expected: "no more than \(limit.length) \(limit.unit) as \(pointer)",
              happened: "\(transcript.name) sends \(most + 1) times \(letter)")
          }
        }
      }
    }
    if asked == 0 {
      throw .skip("no text with a `maxLength` comes into a request: \(run.subject.place(of: "actions"))")
    }
    run.note("\(asked) texts")
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
