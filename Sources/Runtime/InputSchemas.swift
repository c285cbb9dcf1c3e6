internal import ConnectorModel
internal import JSONSchema
internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The schemas that inputs of a connector's actions must satisfy, read once.
struct InputSchemas: Sendable {
  private let schemas: [String: JSONSchema]

  /// - Throws: `RuntimeError` when a schema file cannot be read or is no schema.
  init(of manifest: Manifest) throws(RuntimeError) {
    var schemas: [String: JSONSchema] = [:]
    for (action, declaration) in manifest.actions {
      if let path = declaration.input { schemas[action] = try Self.read(path) }
    }
    self.schemas = schemas
  }

  /// What is wrong with an input, at most ten things; nil when nothing is.
  func refusal(of input: [UInt8], for action: String) -> OperationError? {
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else {
      return OperationError(.invalidInput, "the input is not JSON")
    }
    let findings = schemas[action]?.validate(value) ?? []
    guard let first = findings.first else { return nil }
    let sentences = findings.prefix(10).map { "\($0.pointer.isEmpty ? "the input" : $0.pointer) \($0.message)" }
    return OperationError(.invalidInput, sentences.joined(separator: "; "), pointer: first.pointer)
  }

  private static func read(_ path: String) throws(RuntimeError) -> JSONSchema {
    do {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      return try JSONSchema(parsing: try StableJSON.decode(JSONValue.self, from: bytes))
    } catch {
      throw RuntimeError("the schema \(path) cannot be used: \(error)")
    }
  }
}
