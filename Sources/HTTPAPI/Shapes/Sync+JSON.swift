internal import ConnectorModel
internal import Ports
internal import Runtime

extension SyncStatus {
  static let schema = Schema.object([
    ("stream", .text), ("connectionId", .text), ("platform", .text),
    (
      "state",
      Schema.choice(of: Condition.allCases.map(\.rawValue)).described(
        "unavailable: never read whole, so nothing follows from what is missing; stale: failing or overdue.")
    ),
    ("isRunning", .boolean), ("isPaused", Schema.boolean.described("No run comes until something is done.")),
    ("lastStartedAt", Schema.instant.orNull), ("lastSucceededAt", Schema.instant.orNull),
    ("coveredUntil", Schema.instant.orNull.described("What the platform reports up to then was read.")),
    ("nextRunAt", .instant), ("runs", .integer().described("How often a run was begun.")),
    ("records", .integer().described("Records of the last run so far.")),
    ("failures", .integer().described("Runs that failed since the last that succeeded.")),
    (
      "error",
      Schema.object([("code", .text), ("message", .text)]).orNull.described(
        "Why the last run did not succeed.")
    ),
  ]).named("Sync")

  var json: JSONValue {
    [
      "stream": .string(state.stream), "connectionId": .string(state.connection),
      "platform": .string(state.connector), "state": .string(condition.rawValue),
      "isRunning": .bool(isRunning),
      "isPaused": .bool(isPaused), "lastStartedAt": JSONValue(instant: state.lastStarted),
      "lastSucceededAt": JSONValue(instant: state.lastSucceeded),
      "coveredUntil": JSONValue(instant: state.coveredUntil), "nextRunAt": JSONValue(instant: state.nextDue),
      "runs": JSONValue(count: state.runs), "records": JSONValue(count: state.runRecords),
      "failures": JSONValue(count: state.failures),
      "error": state.failure.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
    ]
  }
}

extension SyncRecord {
  static let schema = Schema.object([
    ("stream", .text), ("recordId", .text),
    ("subject", .text.described("What it is about, such as a post's id at its platform.")), ("kind", .text),
    ("at", .instant), ("data", Schema.anyObject.described("As the connector's schema has it.")),
    ("firstSeenAt", .instant), ("updatedAt", .instant.described("When it was last found changed.")),
  ]).named("Record")

  var json: JSONValue {
    [
      "stream": .string(stream), "recordId": .string(id), "subject": .string(subject), "kind": .string(kind),
      "at": JSONValue(instant: at), "data": JSONValue(stored: value),
      "firstSeenAt": JSONValue(instant: firstSeen),
      "updatedAt": JSONValue(instant: updatedAt),
    ]
  }
}

extension SyncLag {
  static let schema = Schema.object([
    ("platform", .text), ("stream", .text), ("connections", .integer()),
    ("failing", .integer().described("Connections whose last run failed.")),
    ("unread", .integer().described("Connections of which nothing was read whole yet.")),
    (
      "lagSeconds",
      Schema.number.orNull.described(
        "The age of what is known where it is oldest; null when nothing is known.")
    ),
  ]).named("SyncLag")

  var json: JSONValue {
    [
      "platform": .string(census.connector), "stream": .string(census.stream),
      "connections": JSONValue(count: census.connections), "failing": JSONValue(count: census.failing),
      "unread": JSONValue(count: census.unread),
      "lagSeconds": seconds.map { .integer(Int64($0)) } ?? .null,
    ]
  }
}
