internal import ConnectorModel

/// Members that a platform may add to the objects of its answers some day.
enum AddedMembers {
  private static let members: [String: JSONValue] = [
    "pb_unheard_of": .array([.null]), "aa_pb": .object(["id": .integer(1)]),
  ]

  /// Every object with them.
  static func added(to value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(added))
    case .object(let own): .object(own.mapValues(added).merging(members) { own, _ in own })
    case .null, .bool, .integer, .decimal, .string: value
    }
  }

  /// Whether `value` is `own` and nothing more than these: inside objects that it has too, or in an object of nothing else.
  static func areAll(in value: JSONValue, over own: JSONValue) -> Bool {
    switch (value, own) {
    case (.object(let all), .object(let own)):
      own.keys.allSatisfy { all[$0] != nil }
        && all.allSatisfy { name, value in
          own[name].map { areAll(in: value, over: $0) }
            ?? (members[name] == value || (value != .object([:]) && areAll(in: value, over: .object([:]))))
        }
    case (.array(let all), .array(let own)):
      all.count == own.count && zip(all, own).allSatisfy { areAll(in: $0, over: $1) }
    default: value == own
    }
  }
}
