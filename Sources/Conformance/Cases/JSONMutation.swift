internal import ConnectorModel
internal import Ports

/// JSON changed by chance, near to what it was.
enum JSONMutation {
  private static let strange: [JSONValue] = [
    .null, .bool(true), .integer(0), .integer(-1), .integer(.max), .integer(.min), .string(""),
    .string("\u{0}"), .string("💥"), .string(String(repeating: "y", count: 5_000)), .array([]), .object([:]),
    .array([.null, .array([.null])]), .object(["": .null]),
  ]

  /// One leaf or member of `value` changed, removed or added.
  static func once(_ value: JSONValue, _ choice: inout SplitMix64) -> JSONValue {
    switch value {
    case .object(let members) where !members.isEmpty:
      var changed = members
      let names = members.keys.sorted()
      let name = names[Int.random(in: 0..<names.count, using: &choice)]
      switch Int.random(in: 0..<5, using: &choice) {
      case 0: changed[name] = nil
      case 1: changed[name] = strange.randomElement(using: &choice)
      case 2: changed["pb_\(name)"] = members[name]
      default: changed[name] = once(members[name] ?? .null, &choice)
      }
      return .object(changed)
    case .array(let elements) where !elements.isEmpty:
      var changed = elements
      let index = Int.random(in: 0..<elements.count, using: &choice)
      switch Int.random(in: 0..<4, using: &choice) {
      case 0: changed.remove(at: index)
      case 1: changed.append(elements[index])
      default: changed[index] = once(elements[index], &choice)
      }
      return .array(changed)
    default: return strange.randomElement(using: &choice) ?? .null
    }
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
    default: return AnswerRewriting.changed(answer) { once(once($0, &choice), &choice) }
    }
  }
}
