internal import ConnectorModel

internal import struct FoundationEssentials.Decimal

extension SchemaParser {
  /// Reads one keyword, false when it is unknown.
  mutating func read(_ keyword: String, _ value: JSONValue, into node: inout SchemaNode, at pointer: String)
    -> Bool
  {
    switch keyword {
    case "type": node.types = types(value, at: pointer)
    case "enum": node.enumeration = nonEmptyList(value, at: pointer).map(\.normalised)
    case "const": node.constant = value.normalised
    case "properties": node.properties = schemaMap(value, at: pointer)
    case "patternProperties" where vocabulary == .manifest:
      node.patternProperties = schemaMap(value, at: pointer).sorted { $0.key < $1.key }
        .map { SchemaNode.PatternProperty(pattern: $0.key, node: $0.value) }
      for property in node.patternProperties { check(pattern: property.pattern, at: pointer) }
    case "additionalProperties": node.additionalProperties = self.node(value, at: pointer)
    case "required": node.required = names(value, at: pointer)
    case "minProperties": node.minimumProperties = count(value, at: pointer)
    case "maxProperties": node.maximumProperties = count(value, at: pointer)
    case "prefixItems": node.prefixItems = schemaList(value, at: pointer)
    case "items": node.items = self.node(value, at: pointer)
    case "minItems": node.minimumItems = count(value, at: pointer)
    case "maxItems": node.maximumItems = count(value, at: pointer)
    case "uniqueItems": node.uniqueItems = flag(value, at: pointer)
    case "minimum": node.minimum = number(value, at: pointer)
    case "maximum": node.maximum = number(value, at: pointer)
    case "exclusiveMinimum": node.exclusiveMinimum = number(value, at: pointer)
    case "exclusiveMaximum": node.exclusiveMaximum = number(value, at: pointer)
    case "minLength": node.minimumLength = count(value, at: pointer)
    case "maxLength": node.maximumLength = count(value, at: pointer)
    case "pattern":
      node.pattern = text(value, at: pointer)
      if let pattern = node.pattern { check(pattern: pattern, at: pointer) }
    case "format": node.format = format(value, at: pointer)
    case "allOf": node.allOf = schemaList(value, at: pointer)
    case "anyOf": node.anyOf = schemaList(value, at: pointer)
    case "oneOf": node.oneOf = schemaList(value, at: pointer)
    case "not": node.not = self.node(value, at: pointer)
    case "$defs": _ = schemaMap(value, at: pointer)
    // As in manifests: for readers that know them.
    default: return Self.annotations.contains(keyword) || keyword.hasPrefix("x-")
    }
    return true
  }

  private mutating func types(_ value: JSONValue, at pointer: String) -> [JSONType] {
    let names = value.elements ?? [value]
    if names.isEmpty { fault(pointer, "name at least one type") }
    return names.compactMap { name in
      if let type = name.text.flatMap(JSONType.init(rawValue:)) { return type }
      let known = JSONType.allCases.map(\.rawValue).joined(separator: ", ")
      fault(pointer, "a type is one of \(known)")
      return nil
    }
  }

  private mutating func format(_ value: JSONValue, at pointer: String) -> StringFormat? {
    if let format = value.text.flatMap(StringFormat.init(rawValue:)) { return format }
    let known = StringFormat.allCases.map(\.rawValue).joined(separator: ", ")
    fault(pointer, "the format is not supported; supported are \(known)")
    return nil
  }

  private mutating func check(pattern: String, at pointer: String) {
    if SchemaPattern.compile(pattern) == nil {
      fault(pointer, "the pattern \"\(pattern)\" is not a regular expression")
    }
  }

  private mutating func schemaMap(_ value: JSONValue, at pointer: String) -> [String: Int] {
    guard case .object(let members) = value else {
      fault(pointer, "must be an object of schemas")
      return [:]
    }
    var result: [String: Int] = [:]
    for (name, schema) in members.sorted(by: { $0.key < $1.key }) {
      result[name] = node(schema, at: pointer + "/" + JSONPointer.escape(name))
    }
    return result
  }

  private mutating func schemaList(_ value: JSONValue, at pointer: String) -> [Int] {
    var result: [Int] = []
    for (index, schema) in nonEmptyList(value, at: pointer).enumerated() {
      result.append(node(schema, at: pointer + "/\(index)"))
    }
    return result
  }

  private mutating func nonEmptyList(_ value: JSONValue, at pointer: String) -> [JSONValue] {
    guard let elements = value.elements, !elements.isEmpty else {
      fault(pointer, "must be a list that is not empty")
      return []
    }
    return elements
  }

  private mutating func names(_ value: JSONValue, at pointer: String) -> [String] {
    guard let elements = value.elements, elements.allSatisfy({ $0.text != nil }) else {
      fault(pointer, "must be a list of names")
      return []
    }
    return elements.compactMap(\.text)
  }

  private mutating func text(_ value: JSONValue, at pointer: String) -> String? {
    if value.text == nil { fault(pointer, "must be a string") }
    return value.text
  }

  private mutating func flag(_ value: JSONValue, at pointer: String) -> Bool {
    guard case .bool(let flag) = value else {
      fault(pointer, "must be true or false")
      return false
    }
    return flag
  }

  private mutating func number(_ value: JSONValue, at pointer: String) -> Decimal? {
    if value.number == nil { fault(pointer, "must be a number") }
    return value.number
  }

  private mutating func count(_ value: JSONValue, at pointer: String) -> Int? {
    guard case .integer(let count) = value, count >= 0 else {
      fault(pointer, "must be a whole number that is not negative")
      return nil
    }
    return Int(count)
  }
}
