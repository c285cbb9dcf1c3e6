package import ConnectorModel

/// One request as the sandbox saw it, without its secrets.
package struct RecordedRequest: Sendable, Equatable {
  package var number: Int
  package var time: SandboxInstant
  package var method: String
  package var host: String
  package var path: String
  package var query: String
  package var headers: [NamedText]
  package var body: JSONValue?
  package var bodyBytes: Int
  /// What was answered, or nil where the connection was cut before an answer.
  package var status: Int?
  /// The fault that hit it.
  package var fault: String?
  /// Whether the platform saw it; false where a fault answered or cut before it took effect.
  package var reachedPlatform: Bool

  package var json: JSONValue {
    [
      "number": .number(number), "time": .string(time.iso8601), "method": .string(method),
      "host": .string(host),
      "path": .string(path), "query": .string(query),
      "headers": .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
      "body": body ?? .null, "bodyBytes": .number(bodyBytes), "status": status.map { .number($0) } ?? .null,
      "fault": fault.map { .string($0) } ?? .null, "reachedPlatform": .bool(reachedPlatform),
    ]
  }
}

/// The last 10,000 requests.
struct RequestLog: Sendable {
  static let capacity = 10_000
  private(set) var entries: [RecordedRequest] = []
  private var recorded = 0

  mutating func record(
    _ request: SandboxRequest, at now: SandboxInstant, status: Int?, fault: String?, reachedPlatform: Bool
  ) {
    recorded += 1
    // Dropping a block at a time keeps the cost of a full log constant per request.
    if entries.count >= Self.capacity + 1000 { entries.removeFirst(1000) }
    entries.append(
      RecordedRequest(
        number: recorded, time: now, method: request.method, host: request.host, path: request.path,
        query: Redaction.query(request.queryText),
        headers: request.headers.map { NamedText($0.name, Redaction.header($0)) },
        body: Redaction.body(of: request), bodyBytes: request.body.count, status: status, fault: fault,
        reachedPlatform: reachedPlatform))
  }
}
