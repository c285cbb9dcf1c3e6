internal import ConnectorModel

/// Small changes of a JSON value, of the kinds that programs stumble over.
enum JSONMutation {
  /// Texts that are something else to careless code.
  static let texts = [
    "", " ", "0", "null", "a\u{0}b", "\u{FEFF}x", "é́", "👩‍👩‍👧‍👦", "\u{202E}abc", "%s%n", "%2e%2e/", "../..",
    "\u{0}", "💥", "a\r\nb", "\"", "\\", "'", "<b>", "{{x}}", "1e999", "9223372036854775808", "x?y=z#w",
    String(repeating: "a", count: 300), String(repeating: "y", count: 5_000),
    String(repeating: "é", count: 5_000),
  ]
  static let numbers: [Int64] = [
    0, 1, -1, 2, 10, 255, 256, 65_536, 2_147_483_647, 2_147_483_648, 9_007_199_254_740_993, .max, .min,
  ]

  /// One change, somewhere.
  static func mutate(_ value: JSONValue, _ random: inout SplitMix64) -> JSONValue {
    switch value {
    case .object(let members) where !members.isEmpty && Int.random(in: 0..<5, using: &random) > 0:
      return mutate(members, &random)
    case .array(let elements) where !elements.isEmpty && Int.random(in: 0..<5, using: &random) > 0:
      return mutate(elements, &random)
    case .string(let text) where Bool.random(using: &random):
      return .string(mutate(text, &random))
    default: return other(&random)
    }
  }

  private static func mutate(_ members: [String: JSONValue], _ random: inout SplitMix64) -> JSONValue {
    var members = members
    let names = members.keys.sorted()
    let name = names[Int.random(in: names.indices, using: &random)]
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1: members[name] = nil
    // Nearly its name: what searches for names in text takes it for the member itself.
    case 2: members["pb_\(name)"] = members[name]
    case 3: members["pb_\(name)"] = other(&random)
    case 4: members[name] = other(&random)
    default: members[name] = members[name].map { mutate($0, &random) }
    }
    return .object(members)
  }

  private static func mutate(_ elements: [JSONValue], _ random: inout SplitMix64) -> JSONValue {
    var elements = elements
    let place = Int.random(in: elements.indices, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: elements.remove(at: place)
    case 1: elements.append(elements[place])
    case 2: elements = []
    default: elements[place] = mutate(elements[place], &random)
    }
    return .array(elements)
  }

  private static func mutate(_ text: String, _ random: inout SplitMix64) -> String {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return String(text.dropLast())
    case 1: return text + (texts.randomElement(using: &random) ?? "")
    case 2: return (texts.randomElement(using: &random) ?? "") + text
    case 3: return String(repeating: text, count: 8)
    case 4: return String(text.prefix(text.count / 2))
    default: return texts.randomElement(using: &random) ?? ""
    }
  }

  /// Anything.
  static func other(_ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: return .null
    case 2: return .bool(Bool.random(using: &random))
    case 3: return .array([])
    case 4: return .object([:])
    case 5: return .object(["": .null])
    case 6: return nested(Int.random(in: 2...64, using: &random))
    case 7, 8: return .integer(numbers.randomElement(using: &random) ?? 0)
    default: return .string(texts.randomElement(using: &random) ?? "")
    }
  }

  private static func nested(_ depth: Int) -> JSONValue {
    (0..<depth).reduce(JSONValue.null) { inner, level in
      level % 2 == 0 ? .array([inner]) : .object(["a": inner])
    }
  }
}
