internal import ConnectorModel
internal import Ports

extension Post {
  static let schema = Schema.object([
    ("postId", .text), ("jobId", .text), ("connectionId", .text),
    ("externalId", .text.described("The platform's id.")), ("url", Schema.text.orNull),
    ("state", .choice(of: State.allCases.map(\.rawValue))), ("createdAt", .instant),
  ]).named("Post")

  var json: JSONValue {
    [
      "postId": .string(id), "jobId": .string(job), "connectionId": .string(connection),
      "externalId": .string(externalID), "url": JSONValue(url), "state": .string(state.rawValue),
      "createdAt": JSONValue(instant: createdAt),
    ]
  }
}

extension MetricsSnapshot {
  static let schema = Schema.object([
    ("connectionId", .text),
    ("externalId", Schema.text.orNull.described("The platform's id of the post; null for the account.")),
    ("metrics", Schema.anything), ("at", .instant),
  ]).named("MetricsSnapshot")

  var json: JSONValue {
    [
      "connectionId": .string(connection), "externalId": JSONValue(subject.isEmpty ? nil : subject),
      "metrics": JSONValue(stored: metrics), "at": JSONValue(instant: at),
    ]
  }
}
