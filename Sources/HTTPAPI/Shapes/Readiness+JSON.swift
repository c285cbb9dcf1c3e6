internal import ConnectorModel
internal import Ports
internal import Runtime

extension Readiness {
  static let schema = Schema.object([
    ("isReady", .boolean),
    (
      "checks",
      .list(of: .object([("name", .text), ("isOk", .boolean), ("message", .text)]))
    ),
  ]).named("Readiness")

  var json: JSONValue {
    [
      "isReady": .bool(isReady),
      "checks": .array(
        checks.map { ["name": .string($0.name), "isOk": .bool($0.isOK), "message": .string($0.message)] }),
    ]
  }
}

extension AuditEntry {
  static let schema = Schema.object([
    ("actor", .text.described("The API key's id, or `host`.")), ("event", .text), ("subject", .text),
    ("detail", .text), ("at", .instant),
  ]).named("AuditEntry")

  var json: JSONValue {
    [
      "actor": .string(actor), "event": .string(event), "subject": .string(subject),
      "detail": .string(detail), "at": JSONValue(instant: at),
    ]
  }
}
