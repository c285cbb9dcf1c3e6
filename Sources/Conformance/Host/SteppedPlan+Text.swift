internal import ConnectorModel

/// A plan as the member `plan` of a transcript.
extension SteppedPlan {
  init(_ value: JSONValue) throws(TranscriptFault) {
    try Transcript.know(
      value, "plan",
      ["seed", "order", "batching", "faults", "stateFaults", "cancelAfter", "endAfter"])
    self.init(seed: UInt64(bitPattern: value["seed"]?.integer ?? 1))
    order = try Self.word(value, "order") ?? .asPushed
    batching = try Self.word(value, "batching") ?? .together
    cancelAfter = value["cancelAfter"]?.integer.map(Int.init(clamping:))
    endAfter = value["endAfter"]?.integer.map(Int.init(clamping:))
    for (place, word) in try Self.places(value, "faults") {
      guard let fault = PlatformFault(rawValue: word) else {
        throw TranscriptFault(what: "plan.faults has the unknown fault `\(word)`")
      }
      faults[place] = fault
    }
    for (place, word) in try Self.places(value, "stateFaults") {
      guard let code = OutcomeCode(name: word) else {
        throw TranscriptFault(what: "plan.stateFaults has the unknown outcome `\(word)`")
      }
      keyValueFaults[place] = code
    }
  }

  var json: JSONValue {
    var members: [String: JSONValue] = ["seed": .integer(Int64(bitPattern: seed))]
    if order != .asPushed { members["order"] = .string(order.rawValue) }
    if batching != .together { members["batching"] = .string(batching.rawValue) }
    if let cancelAfter { members["cancelAfter"] = .integer(Int64(cancelAfter)) }
    if let endAfter { members["endAfter"] = .integer(Int64(endAfter)) }
    if !faults.isEmpty { members["faults"] = Self.object(faults.mapValues(\.rawValue)) }
    if !keyValueFaults.isEmpty { members["stateFaults"] = Self.object(keyValueFaults.mapValues(\.name)) }
    return .object(members)
  }

  private static func object(_ places: [Int: String]) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: places.map { ("\($0)", .string($1)) }))
  }

  private static func word<Word: RawRepresentable<String>>(
    _ value: JSONValue, _ name: String
  ) throws(TranscriptFault) -> Word? {
    guard let text = value[name]?.text else { return nil }
    guard let word = Word(rawValue: text) else {
      throw TranscriptFault(what: "plan.\(name) is `\(text)`, which there is not")
    }
    return word
  }

  private static func places(
    _ value: JSONValue, _ name: String
  ) throws(TranscriptFault) -> [(Int, String)] {
    guard case .object(let members)? = value[name] else { return [] }
    var places: [(Int, String)] = []
    for (key, word) in members {
      guard let place = Int(key), let text = word.text else {
        throw TranscriptFault(what: "plan.\(name) is not made of numbers with a word each")
      }
      places.append((place, text))
    }
    return places
  }
}

extension JSONValue {
  /// The number of an integer, or nil.
  var integer: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  /// The members of an object, or nil.
  var members: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}
