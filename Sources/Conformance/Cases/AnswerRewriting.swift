internal import ConnectorModel
internal import Ports

/// Answers of transcripts, changed.
enum AnswerRewriting {
  /// The answer with another body; itself when it is no JSON.
  static func changed(_ answer: TransportAnswer, _ change: (JSONValue) -> JSONValue) -> TransportAnswer {
    guard let value = try? StableJSON.decode(JSONValue.self, from: answer.body),
      let body = try? StableJSON.encode(change(value))
    else { return answer }
    var changed = answer
    changed.body = body
    return changed
  }

  /// An answer changed as `draw` says: a member, a byte, its length or its status.
  static func changed(_ answer: TransportAnswer, draw: UInt64) -> TransportAnswer {
    var choice = SplitMix64(seed: draw)
    switch Int.random(in: 0..<6, using: &choice) {
    case 0 where !answer.body.isEmpty:
      var other = answer
      other.body[Int.random(in: 0..<answer.body.count, using: &choice)] = UInt8(truncatingIfNeeded: draw >> 3)
      return other
    case 1:
      var other = answer
      other.body = Array(answer.body.prefix(Int.random(in: 0...answer.body.count, using: &choice)))
      return other
    case 2:
      var other = answer
      other.status = [200, 201, 202, 204, 206, 400, 409, 418, 500].randomElement(using: &choice) ?? 200
      return other
    default: return changed(answer) { JSONMutation.mutate(JSONMutation.mutate($0, &choice), &choice) }
    }
  }

  /// Integers that are ids are 2^53 + 1.
  static func wideIDs(in value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(wideIDs))
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, member in
            let isID = name == "id" || name.hasSuffix("_id") || name.hasSuffix("Id")
            if case .integer = member, isID { return (name, .integer((1 << 53) + 1)) }
            return (name, wideIDs(in: member))
          }))
    case .null, .bool, .integer, .decimal, .string: value
    }
  }

  /// Lists are empty, the rest is as it was.
  static func emptied(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array: .array([])
    case .object(let members): .object(members.mapValues(emptied))
    case .null, .bool, .integer, .decimal, .string: value
    }
  }
}
