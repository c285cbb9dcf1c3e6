internal import ConnectorModel

/// Smaller transcripts that might show the same fault, the boldest first.
enum TranscriptReduction {
  static func candidates(of transcript: Transcript) -> [Transcript] {
    var smaller: [Transcript] = []
    func add(_ change: (inout Transcript) -> Void) {
      var copy = transcript
      change(&copy)
      if copy.json != transcript.json { smaller.append(copy) }
    }
    let plan = transcript.plan ?? SteppedPlan(seed: 1)
    add { $0.plan = SteppedPlan(seed: 1) }
    add { $0.configuration = nil }
    add { $0.exchanges = [] }
    for index in transcript.exchanges.indices { add { $0.exchanges.remove(at: index) } }
    for place in plan.faults.keys.sorted() { add { $0.plan?.faults[place] = nil } }
    add { $0.plan?.keyValueFaults = [:] }
    add { $0.plan?.cancelAfter = nil }
    add { $0.plan?.endAfter = nil }
    add { $0.plan?.order = .asPushed }
    add { $0.plan?.batching = .together }
    add { $0.input = Array("{}".utf8) }
    for index in transcript.exchanges.indices {
      add { $0.exchanges[index].fault = nil }
      add { $0.exchanges[index].body = nil }
      add { $0.exchanges[index].status = 200 }
    }
    if let input = try? StableJSON.decode(JSONValue.self, from: transcript.input) {
      for value in reductions(of: input) {
        add { $0.input = (try? StableJSON.encode(value)) ?? $0.input }
      }
    }
    for index in transcript.exchanges.indices {
      let answer = transcript.exchanges[index].answer
      guard let value = try? StableJSON.decode(JSONValue.self, from: answer) else { continue }
      for value in reductions(of: value) {
        add { $0.exchanges[index].answer = (try? StableJSON.encode(value)) ?? answer }
      }
    }
    if let configuration = transcript.configuration {
      for value in reductions(of: configuration) { add { $0.configuration = value } }
    }
    return smaller
  }

  /// The value with one thing less, each in turn.
  static func reductions(of value: JSONValue) -> [JSONValue] {
    switch value {
    case .object(let members):
      let names = members.keys.sorted()
      let without = names.map { name in JSONValue.object(members.filter { $0.key != name }) }
      let inside = names.flatMap { name in
        (members[name].map(reductions) ?? []).map { inner -> JSONValue in
          .object(members.merging([name: inner]) { _, new in new })
        }
      }
      return without + inside
    case .array(let elements):
      let without = elements.indices.map { index -> JSONValue in
        var fewer = elements
        fewer.remove(at: index)
        return .array(fewer)
      }
      let inside = elements.indices.flatMap { index in
        reductions(of: elements[index]).map { inner -> JSONValue in
          var changed = elements
          changed[index] = inner
          return .array(changed)
        }
      }
      return without + inside
    case .string(let text) where text.count > 1:
      return [.string(String(text.prefix(text.count / 2))), .string(String(text.dropLast()))]
    default: return []
    }
  }
}
