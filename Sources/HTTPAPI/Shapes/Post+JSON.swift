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
