package import ConnectorModel

internal import struct FoundationEssentials.Data
internal import class FoundationEssentials.JSONEncoder

/// The JSON Schema of manifests, for editors and other tools; made from the grammar that the reader uses.
package enum ManifestSchema {
  package static let document: JSONValue = {
    guard case .object(var members) = schema(ManifestGrammar.root) else { return .null }
    members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    members["title"] = .string("Patchbay connector manifest")
    return .object(members)
  }()

  /// As `patchbay schema` prints it, ending with a line break.
  package static func text() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // A tree of strings and numbers always encodes; an empty text would be seen at once.
    guard let data = try? encoder.encode(document) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static func schema(_ shape: Shape) -> JSONValue {
    switch shape {
    case .anything: .object([:])
    case .boolean: .object(["type": .string("boolean")])
    case .text(let form): text(form)
    case .word(let words): .object(["enum": .array(words.map(JSONValue.string))])
    case .integer(let range):
      .object([
        "type": .string("integer"), "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ])
    case .size:
      anyOf([
        .object(["type": .string("integer"), "minimum": .integer(1)]),
        .object(["type": .string("string"), "pattern": .string(ByteCount.pattern)]),
      ])
    case .list(let element, let atLeast):
      .object([
        "type": .string("array"), "items": schema(element), "minItems": .integer(Int64(atLeast)),
        "uniqueItems": .bool(element.isText),
      ])
    case .map(let form, let value): map(form, value)
    case .object(let members): object(members)
    case .choice(let members): choice(members)
    case .tagged(let key, let variants): tagged(key, variants)
    case .having(let key, let with, let without):
      anyOf([
        .object(["allOf": .array([.object(["required": .array([.string(key)])]), schema(with)])]),
        schema(without),
      ])
    case .nullable(let inner): anyOf([.object(["type": .string("null")]), schema(inner)])
    case .forms(let scalar, let list, let mapping):
      anyOf(
        [
          scalar.map(schema), list.map(schema),
          mapping.map { .object(["allOf": .array([.object(["type": .string("object")]), schema($0)])]) },
        ].compactMap(\.self))
    }
  }

  private static func anyOf(_ schemas: [JSONValue]) -> JSONValue {
    schemas.count == 1 ? schemas[0] : .object(["anyOf": .array(schemas)])
  }

  private static func text(_ form: TextForm) -> JSONValue {
    var members: [String: JSONValue] = ["type": .string("string"), "minLength": .integer(1)]
    if let pattern = form.pattern { members["pattern"] = .string(pattern) }
    return .object(members)
  }

  private static func map(_ form: TextForm, _ value: Shape) -> JSONValue {
    guard let pattern = form.pattern else {
      return .object(["type": .string("object"), "additionalProperties": schema(value)])
    }
    return .object([
      "type": .string("object"), "patternProperties": .object([pattern: schema(value)]),
      "additionalProperties": .bool(false),
    ])
  }

  private static func object(_ members: [Shape.Member]) -> JSONValue {
    var properties: [String: JSONValue] = [:]
    for member in members {
      guard case .object(var schema) = schema(member.shape) else { continue }
      schema["description"] = .string(member.summary)
      properties[member.name] = .object(schema)
    }
    var result: [String: JSONValue] = [
      "type": .string("object"), "properties": .object(properties),
      "patternProperties": .object(["^x-": .bool(true)]), "additionalProperties": .bool(false),
    ]
    let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { result["required"] = .array(required) }
    return .object(result)
  }

  private static func choice(_ members: [Shape.Member]) -> JSONValue {
    guard case .object(var result) = object(members) else { return .null }
    result["oneOf"] = .array(members.map { .object(["required": .array([.string($0.name)])]) })
    return .object(result)
  }

  private static func tagged(_ key: String, _ variants: [Shape.Variant]) -> JSONValue {
    .object([
      "oneOf": .array(
        variants.map { variant in
          object([.needs(key, .word([variant.word]), "What kind it is.")] + variant.members)
        })
    ])
  }
}
