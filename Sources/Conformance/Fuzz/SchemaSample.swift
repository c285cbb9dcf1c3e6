internal import ConnectorModel

/// Values that a schema allows, near its edges; where a pattern cannot be made, the text that an author wrote.
struct SchemaSample {
  let root: JSONValue
  /// A value that is known to be good, for what cannot be made from the schema alone.
  let like: JSONValue

  func value(_ random: inout SplitMix64) -> JSONValue { value(of: root, like: like, depth: 0, &random) }

  private func value(
    of schema: JSONValue, like: JSONValue?, depth: Int, _ random: inout SplitMix64
  ) -> JSONValue {
    guard depth < 12, case .object = schema else { return like ?? .object([:]) }
    if let constant = schema["const"] { return constant }
    if let choices = schema["enum"]?.elements, let choice = choices.randomElement(using: &random) {
      return choice
    }
    if let reference = schema["$ref"]?.text, let target = resolve(reference) {
      return value(of: target, like: like, depth: depth + 1, &random)
    }
    let type = schema["type"]?.text ?? schema["type"]?.elements?.randomElement(using: &random)?.text
    switch type ?? (schema["properties"] != nil ? "object" : "") {
    case "object": return object(schema, like: like, depth: depth, &random)
    case "array": return array(schema, like: like, depth: depth, &random)
    case "string": return text(schema, like: like?.text, &random)
    case "integer", "number": return number(schema, &random)
    case "boolean": return .bool(Bool.random(using: &random))
    case "null": return .null
    default:
      for word in ["anyOf", "oneOf", "allOf"] {
        guard let choice = schema[word]?.elements?.randomElement(using: &random) else { continue }
        return value(of: choice, like: like, depth: depth + 1, &random)
      }
      return like ?? .string("x")
    }
  }

  /// A `#/…` pointer into the schema's own file.
  private func resolve(_ reference: String) -> JSONValue? {
    guard reference.hasPrefix("#/") else { return nil }
    return reference.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
  }

  private func object(
    _ schema: JSONValue, like: JSONValue?, depth: Int, _ random: inout SplitMix64
  ) -> JSONValue {
    let required = Set((schema["required"]?.elements ?? []).compactMap(\.text))
    // One of the groups that `anyOf` asks for, as of several ways to say the same.
    let group = schema["anyOf"]?.elements?.randomElement(using: &random)
    let chosen = Set((group?["required"]?.elements ?? []).compactMap(\.text))
    var members: [String: JSONValue] = [:]
    for (name, part) in (schema["properties"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
      let isWanted = required.contains(name) || chosen.contains(name)
      if isWanted || Int.random(in: 0..<3, using: &random) == 0 {
        members[name] = value(of: part, like: like?[name], depth: depth + 1, &random)
      }
    }
    if let extra = schema["additionalProperties"], case .object = extra, Bool.random(using: &random) {
      members["extra"] = value(of: extra, like: nil, depth: depth + 1, &random)
    }
    return .object(members)
  }

  private func array(
    _ schema: JSONValue, like: JSONValue?, depth: Int, _ random: inout SplitMix64
  ) -> JSONValue {
    let least = Int(schema["minItems"]?.integer ?? 0)
    let most = min(Int(schema["maxItems"]?.integer ?? Int64(least + 4)), least + 8)
    let count = Int.random(in: least...max(least, most), using: &random)
    return .array(
      (0..<count).map { _ in
        value(of: schema["items"] ?? .object([:]), like: like?.elements?.first, depth: depth + 1, &random)
      })
  }

  private func text(_ schema: JSONValue, like: String?, _ random: inout SplitMix64) -> JSONValue {
    switch schema["format"]?.text {
    case "date-time":
      return .string(
        ["2026-01-01T00:00:00Z", "2028-02-29T23:45:00Z", "2026-03-29T02:30:00+02:00"].randomElement(
          using: &random) ?? "")
    case "date": return .string(["2026-01-01", "2028-02-29"].randomElement(using: &random) ?? "")
    case "email":
      return .string(["a@example.org", "o'b+c@sub.example.org"].randomElement(using: &random) ?? "")
    case "uri":
      return .string(
        ["https://example.org/", "https://example.org/a%20b?c=d#e"].randomElement(using: &random) ?? "")
    case "uuid": return .string("123e4567-e89b-12d3-a456-426614174000")
    default: break
    }
    if schema["pattern"] != nil { return .string(like ?? "abc123") }
    let least = Int(schema["minLength"]?.integer ?? 0)
    let most = Int(min(schema["maxLength"]?.integer ?? 400, 4_000))
    let length =
      [least, least + 1, max(least, most - 1), max(least, most)].randomElement(using: &random) ?? least
    let letter = ["a", "é", "👍", "\n", "<", "\u{202E}"].randomElement(using: &random) ?? "a"
    return .string(String(repeating: letter, count: length))
  }

  private func number(_ schema: JSONValue, _ random: inout SplitMix64) -> JSONValue {
    let least = schema["minimum"]?.integer ?? 0
    let most = max(least, schema["maximum"]?.integer ?? .max)
    return .integer([least, most, least + (most - least) / 2].randomElement(using: &random) ?? least)
  }
}
