internal import ConnectorModel
internal import Ports

extension ConnectionRecord {
  static let schema = Schema.object([
    ("connectionId", .text), ("platform", .text),
    ("accountId", .text.orNull.described("The platform's id of the account.")),
    ("accountName", .text.orNull),
    ("state", .choice(of: ConnectionState.allCases.map(\.rawValue))),
    ("reason", .text.described("Why it is not healthy; empty while it is.")), ("isPaused", .boolean),
    ("createdAt", .instant), ("updatedAt", .instant),
  ]).named("Connection")

  var json: JSONValue {
    [
      "connectionId": .string(id), "platform": .string(connector), "accountId": JSONValue(accountID),
      "accountName": JSONValue(accountName), "state": .string(state.rawValue), "reason": .string(reason),
      "isPaused": .bool(isPaused), "createdAt": JSONValue(instant: createdAt),
      "updatedAt": JSONValue(instant: updatedAt),
    ]
  }
}
