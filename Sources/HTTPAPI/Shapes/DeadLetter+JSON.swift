internal import ConnectorModel
internal import Ports

extension DeadLetter {
  static let schema = Schema.object([
    ("deadLetterId", .text), ("jobId", .text), ("connectionId", .text), ("platform", .text),
    ("action", .text), ("reason", .choice(of: Reason.allCases.map(\.rawValue))),
    ("errorCode", Schema.text.orNull), ("errorMessage", Schema.text.orNull), ("lastAttemptAt", .instant),
    ("payload", Schema.anything.described("What was to be published.")), ("attempts", .integer()),
    ("createdAt", .instant), ("retriedAs", Schema.text.orNull.described("The job that repeats it.")),
    ("droppedAt", Schema.instant.orNull),
  ]).named("DeadLetter")

  var json: JSONValue {
    [
      "deadLetterId": .string(id), "jobId": .string(job.id), "connectionId": .string(job.connection),
      "platform": .string(job.connector), "action": .string(job.action), "reason": .string(reason.rawValue),
      "errorCode": JSONValue(job.error?.code), "errorMessage": JSONValue(job.error?.message),
      "lastAttemptAt": JSONValue(instant: job.finishedAt ?? job.updatedAt),
      "payload": JSONValue(stored: job.payload), "attempts": JSONValue(count: job.attempts),
      "createdAt": JSONValue(instant: createdAt), "retriedAs": JSONValue(retriedAs),
      "droppedAt": JSONValue(instant: droppedAt),
    ]
  }
}
