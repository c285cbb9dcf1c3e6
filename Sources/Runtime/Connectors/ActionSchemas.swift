internal import ConnectorModel
internal import JSONSchema
internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The schemas of a connector's actions and streams, read once.
struct ActionSchemas: Sendable, Equatable {
  private let inputs: [String: JSONSchema]
  private let outputs: [String: JSONSchema]
  private let records: [String: JSONSchema]

  /// - Throws: `RuntimeError` when a schema file cannot be read or is no schema.
  init(of manifest: Manifest) throws(RuntimeError) {
    var inputs: [String: JSONSchema] = [:]
    var outputs: [String: JSONSchema] = [:]
    for (action, declaration) in manifest.actions {
      if let path = declaration.input { inputs[action] = try Self.read(path) }
      if let path = declaration.output { outputs[action] = try Self.read(path) }
    }
    var records: [String: JSONSchema] = [:]
    for (stream, declaration) in manifest.sync {
      if let path = declaration.record { records[stream] = try Self.read(path) }
    }
    (self.inputs, self.outputs, self.records) = (inputs, outputs, records)
  }

  /// What is wrong with an input, at most ten things; nil when nothing is.
  func refusal(of input: [UInt8], for action: String) -> OperationError? {
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else {
      let what = input.isEmpty ? "is empty; without anything to say it is {}" : "is not JSON in UTF-8"
      return OperationError(.invalidInput, "the input \(what)")
    }
    let findings = inputs[action]?.validate(value) ?? []
    guard let first = findings.first else { return nil }
    return OperationError(.invalidInput, Self.sentence(findings, of: "the input"), pointer: first.pointer)
  }

  /// How a result differs from what the manifest promises; nil when it does not.
  ///
  /// The operation has taken effect, so this is told and never turns a success into a failure.
  func complaint(about result: JSONValue, of action: String) -> String? {
    let findings = outputs[action]?.validate(result) ?? []
    return findings.isEmpty ? nil : Self.sentence(findings, of: "the result")
  }

  /// How a record of a stream differs from its schema, and where first; nil when it does not.
  func complaint(aboutRecord record: JSONValue, of stream: String) -> (pointer: String, message: String)? {
    let findings = records[stream]?.validate(record) ?? []
    guard let first = findings.first else { return nil }
    return (first.pointer, Self.sentence(findings, of: "the record"))
  }

  private static func sentence(_ findings: [JSONSchemaFinding], of whole: String) -> String {
    findings.prefix(10).map { "\($0.pointer.isEmpty ? whole : $0.pointer) \($0.message)" }.joined(
      separator: "; ")
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
