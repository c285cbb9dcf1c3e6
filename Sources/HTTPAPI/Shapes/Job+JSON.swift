internal import ConnectorModel
internal import Ports
internal import Runtime

extension Job {
  fileprivate static let members: [(String, Schema)] = [
    ("jobId", .text), ("state", .choice(of: State.allCases.map(\.rawValue))), ("connectionId", .text),
    ("platform", .text), ("action", .text), ("idempotencyKey", .text),
    ("scheduledFor", Schema.instant.orNull), ("createdAt", .instant), ("updatedAt", .instant),
    ("nextAttemptAt", Schema.instant.orNull.described("Null once it has ended.")),
    ("attempts", .integer().described("Those that counted.")),
    ("result", Schema.anything.described("What the connector answered; null unless published.")),
    ("error", JobError.schema.orNull), ("note", .text.described("Why it is held, or what it waits for.")),
    ("retryOf", Schema.text.orNull.described("The dead job that this one repeats.")),
  ]

  static let schema = Schema.object(members).named("Job")

  var json: JSONValue { .object(jsonMembers) }

  fileprivate var jsonMembers: [String: JSONValue] {
    [
      "jobId": .string(id), "state": .string(state.rawValue), "connectionId": .string(connection),
      "platform": .string(connector), "action": .string(action), "idempotencyKey": .string(idempotencyKey),
      "scheduledFor": JSONValue(instant: scheduledFor), "createdAt": JSONValue(instant: createdAt),
      "updatedAt": JSONValue(instant: updatedAt),
      "nextAttemptAt": JSONValue(instant: state.hasEnded ? nil : availableAt),
      "attempts": JSONValue(count: attempts), "result": JSONValue(stored: result),
      "error": error?.json ?? .null, "note": .string(note), "retryOf": JSONValue(retryOf),
    ]
  }
}

extension JobDetail {
  static let schema = Schema.object(
    Job.members + [
      ("attemptsLog", .list(of: Attempt.schema).described("Every attempt, also those that did not count."))
    ]
  ).named("JobDetail")

  var json: JSONValue {
    .object(job.jsonMembers.merging(["attemptsLog": .array(attempts.map(\.json))]) { _, new in new })
  }
}

extension JobError {
  static let schema = Schema.object([
    ("code", .text), ("message", .text), ("action", .text.described("What to do about it.")),
    ("platformCode", Schema.text.orNull), ("requestId", Schema.text.orNull.described("The platform's.")),
    ("httpStatus", Schema.integer().orNull),
    ("pointer", Schema.text.orNull.described("A JSON pointer into the payload.")),
  ]).named("JobError")

  var json: JSONValue {
    [
      "code": .string(code), "message": .string(message), "action": .string(action),
      "platformCode": JSONValue(platformCode), "requestId": JSONValue(requestId),
      "httpStatus": JSONValue(count: httpStatus), "pointer": JSONValue(pointer),
    ]
  }
}
