internal import ConnectorModel
internal import JSONSchema

extension ReferenceChecker {
  /// Reads every schema that the manifest names.
  mutating func checkFiles() {
    for action in root["actions"]?.entries ?? [] {
      let trail = KeyTrail().key("actions").key(action.key)
      _ = checkSchema(action.value["input"], trail.key("input"))
      _ = checkSchema(action.value["output"], trail.key("output"))
    }
    for stream in root["sync"]?.entries ?? [] {
      _ = checkSchema(stream.value["record"], KeyTrail().key("sync").key(stream.key).key("record"))
    }
    guard let configuration = root["config"],
      let schema = checkSchema(configuration["schema"], KeyTrail().key("config").key("schema"))
    else { return }
    let values = configuration["values"]
    for finding in schema.validate(values?.json ?? .object([:])) {
      let place = finding.pointer.isEmpty ? "the values" : finding.pointer
      log.report(
        .configurationInvalid, at: values?.mark ?? configuration.mark, KeyTrail().key("config").key("values"),
        "\(place): \(finding.message)", advice: "see \(configuration["schema"]?.text ?? "the schema")")
    }
  }

  private mutating func checkSchema(_ node: YAMLNode?, _ trail: KeyTrail) -> JSONSchema? {
    guard let node, let path = node.text, TextForm.relativePath.fault(in: path) == nil else { return nil }
    if let sound = soundSchemas[path] { return sound }
    switch FileContents.read(folder + "/" + path, maximumBytes: SourceText.maximumBytes) {
    case .failure(let reason):
      log.report(
        .schemaMissing, at: node.mark, trail, "\(path) cannot be read: \(reason.words)",
        advice: "paths are relative to the manifest's folder")
      return nil
    case .success(let bytes):
      guard let document = try? StableJSON.decode(JSONValue.self, from: bytes) else {
        log.report(
          .schemaInvalid, at: node.mark, trail, "\(path) is not JSON", advice: "check it with a JSON tool")
        return nil
      }
      do throws(JSONSchemaError) {
        let schema = try JSONSchema(parsing: document)
        soundSchemas[path] = schema
        return schema
      } catch {
        for fault in error.faults {
          log.report(
            .schemaInvalid, at: node.mark, trail, "\(path)\(fault)", advice: "correct the schema file")
        }
        return nil
      }
    }
  }
}
