internal import ConnectorModel

/// Holds one value against the nodes of a schema.
struct SchemaJudge {
  /// Subschemas applied to one value at most; far above what any honest schema needs.
  static let maximumSteps = 250_000

  let nodes: [SchemaNode]
  private var steps = 0
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]

  init(nodes: [SchemaNode]) { self.nodes = nodes }

  mutating func findings(for value: JSONValue, against root: Int) -> [JSONSchemaFinding] {
    let findings = judge(value, root, "")
    guard steps <= Self.maximumSteps else {
      return [
        .init(
          pointer: "", keyword: "$ref", message: "the schema branches too widely to be judged; simplify it")
      ]
    }
    return findings
  }

  private mutating func judge(_ value: JSONValue, _ position: Int, _ pointer: String) -> [JSONSchemaFinding] {
    steps += 1
    guard steps <= Self.maximumSteps else { return [] }
    let node = nodes[position]
    if let verdict = node.verdict {
      return verdict ? [] : [.init(pointer: pointer, keyword: "false", message: "is not allowed here")]
    }
    var findings: [JSONSchemaFinding] = []
    if let target = node.reference { findings += judge(value, target, pointer) }
    judgeKind(value, node, pointer, &findings)
    switch value {
    case .object(let members): judge(members, node, pointer, &findings)
    case .array(let elements): judge(elements, node, pointer, &findings)
    case .string(let text): judge(text, node, pointer, &findings)
    default: judgeNumber(value, node, pointer, &findings)
    }
    judgeCombinations(value, node, pointer, &findings)
    return findings
  }

  private func judgeKind(
    _ value: JSONValue, _ node: SchemaNode, _ pointer: String, _ findings: inout [JSONSchemaFinding]
  ) {
    if let types = node.types, !types.contains(where: { value.conforms(to: $0) }) {
      let names = types.map(\.rawValue).joined(separator: " or ")
      findings.append(.init(pointer: pointer, keyword: "type", message: "must be of type \(names)"))
    }
    if let allowed = node.enumeration, !allowed.contains(value.normalised) {
      let names = allowed.map(\.schemaText).joined(separator: ", ")
      findings.append(.init(pointer: pointer, keyword: "enum", message: "must be one of \(names)"))
    }
    if let constant = node.constant, constant != value.normalised {
      findings.append(.init(pointer: pointer, keyword: "const", message: "must be \(constant.schemaText)"))
    }
  }

  private mutating func judge(
    _ members: [String: JSONValue], _ node: SchemaNode, _ pointer: String,
    _ findings: inout [JSONSchemaFinding]
  ) {
    for name in node.required where members[name] == nil {
      findings.append(.init(pointer: pointer, keyword: "required", message: "lacks the member \"\(name)\""))
    }
    if let least = node.minimumProperties, members.count < least {
      findings.append(
        .init(pointer: pointer, keyword: "minProperties", message: "must have at least \(least) members"))
    }
    if let most = node.maximumProperties, members.count > most {
      findings.append(
        .init(pointer: pointer, keyword: "maxProperties", message: "must have at most \(most) members"))
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      let inner = pointer + "/" + JSONPointer.escape(name)
      var isKnown = false
      if let property = node.properties[name] {
        isKnown = true
        findings += judge(value, property, inner)
      }
      for property in node.patternProperties where matches(name, property.pattern) {
        isKnown = true
        findings += judge(value, property.node, inner)
      }
      guard !isKnown, let additional = node.additionalProperties else { continue }
      if nodes[additional].verdict == false {
        findings.append(
          .init(pointer: inner, keyword: "additionalProperties", message: "is not a member known here"))
      } else {
        findings += judge(value, additional, inner)
      }
    }
  }

  private mutating func judge(
    _ elements: [JSONValue], _ node: SchemaNode, _ pointer: String, _ findings: inout [JSONSchemaFinding]
  ) {
    if let least = node.minimumItems, elements.count < least {
      findings.append(
        .init(pointer: pointer, keyword: "minItems", message: "must have at least \(least) elements"))
    }
    if let most = node.maximumItems, elements.count > most {
      findings.append(
        .init(pointer: pointer, keyword: "maxItems", message: "must have at most \(most) elements"))
    }
    for (index, element) in elements.enumerated() {
      let schema = index < node.prefixItems.count ? node.prefixItems[index] : node.items
      if let schema { findings += judge(element, schema, pointer + "/\(index)") }
    }
    if node.uniqueItems, let repeated = firstRepetition(in: elements) {
      findings.append(
        .init(
          pointer: "\(pointer)/\(repeated)", keyword: "uniqueItems", message: "stands in the list already"))
    }
  }

  private mutating func judge(
    _ text: String, _ node: SchemaNode, _ pointer: String, _ findings: inout [JSONSchemaFinding]
  ) {
    let length = text.unicodeScalars.count
    if let least = node.minimumLength, length < least {
      findings.append(
        .init(pointer: pointer, keyword: "minLength", message: "must be at least \(least) characters"))
    }
    if let most = node.maximumLength, length > most {
      findings.append(
        .init(pointer: pointer, keyword: "maxLength", message: "must be at most \(most) characters"))
    }
    if let pattern = node.pattern, !matches(text, pattern) {
      findings.append(.init(pointer: pointer, keyword: "pattern", message: "must match \(pattern)"))
    }
    if let format = node.format, !format.accepts(text) {
      findings.append(.init(pointer: pointer, keyword: "format", message: "must be \(format.meaning)"))
    }
  }

  private func judgeNumber(
    _ value: JSONValue, _ node: SchemaNode, _ pointer: String, _ findings: inout [JSONSchemaFinding]
  ) {
    guard let number = value.number else { return }
    func add(_ keyword: String, _ message: String) {
      findings.append(.init(pointer: pointer, keyword: keyword, message: message))
    }
    if let bound = node.minimum, number < bound { add("minimum", "must be at least \(bound)") }
    if let bound = node.maximum, number > bound { add("maximum", "must be at most \(bound)") }
    if let bound = node.exclusiveMinimum, number <= bound {
      add("exclusiveMinimum", "must be more than \(bound)")
    }
    if let bound = node.exclusiveMaximum, number >= bound {
      add("exclusiveMaximum", "must be less than \(bound)")
    }
  }

  private mutating func judgeCombinations(
    _ value: JSONValue, _ node: SchemaNode, _ pointer: String, _ findings: inout [JSONSchemaFinding]
  ) {
    for part in node.allOf { findings += judge(value, part, pointer) }
    if !node.anyOf.isEmpty {
      let branches = node.anyOf.map { judge(value, $0, pointer) }
      if branches.allSatisfy({ !$0.isEmpty }) {
        findings.append(.init(pointer: pointer, keyword: "anyOf", message: noneFits(branches)))
      }
    }
    if !node.oneOf.isEmpty {
      let branches = node.oneOf.map { judge(value, $0, pointer) }
      let fitting = branches.count { $0.isEmpty }
      if fitting == 0 {
        findings.append(.init(pointer: pointer, keyword: "oneOf", message: noneFits(branches)))
      } else if fitting > 1 {
        findings.append(
          .init(
            pointer: pointer, keyword: "oneOf",
            message: "must fit exactly one of \(branches.count) forms and fits \(fitting)"))
      }
    }
    if let not = node.not, judge(value, not, pointer).isEmpty {
      findings.append(.init(pointer: pointer, keyword: "not", message: "has a form that is ruled out"))
    }
  }

  /// Names what the closest form misses, since "fits none" alone helps nobody.
  private func noneFits(_ branches: [[JSONSchemaFinding]]) -> String {
    let closest = branches.min { $0.count < $1.count }?.first
    let hint = closest.map { "; the closest: \($0)" } ?? ""
    return "fits none of the \(branches.count) forms allowed\(hint)"
  }

  private func firstRepetition(in elements: [JSONValue]) -> Int? {
    var seen: Set<JSONValue> = []
    return elements.firstIndex { !seen.insert($0.normalised).inserted }
  }

  private mutating func matches(_ text: String, _ pattern: String) -> Bool {
    if patterns[pattern] == nil { patterns[pattern] = SchemaPattern.compile(pattern) }
    guard let regex = patterns[pattern] else { return false }
    return (try? regex.firstMatch(in: text)) != nil
  }
}
