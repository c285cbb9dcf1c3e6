internal import ConnectorModel
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

extension Attempt {
  static let schema = Schema.object([
    ("number", .integer(minimum: 1)), ("startedAt", .instant), ("endedAt", .instant),
    ("result", .choice(of: Result.allCases.map(\.rawValue))), ("error", JobError.schema.orNull),
    ("requests", .integer().described("Exchanges with the platform.")),
    ("replayed", .boolean.described("It went on from its journal after the host was down.")),
    ("timesMs", AttemptTimes.schema),
  ]).named("Attempt")

  var json: JSONValue {
    [
      "number": JSONValue(count: number), "startedAt": JSONValue(instant: startedAt),
      "endedAt": JSONValue(instant: endedAt), "result": .string(result.rawValue),
      "error": error?.json ?? .null, "requests": JSONValue(count: requests), "replayed": .bool(wasReplayed),
      "timesMs": times.json,
    ]
  }
}

extension AttemptTimes {
  fileprivate static let schema = Schema.object([
    ("queue", .number), ("limiter", .number), ("token", .number), ("connector", .number),
    ("network", .number), ("journal", .number),
  ]).named("AttemptTimes")

  fileprivate var json: JSONValue {
    [
      "queue": Self.milliseconds(queue), "limiter": Self.milliseconds(limiter),
      "token": Self.milliseconds(token), "connector": Self.milliseconds(connector),
      "network": Self.milliseconds(network), "journal": Self.milliseconds(journal),
    ]
  }

  private static func milliseconds(_ microseconds: UInt64) -> JSONValue {
    microseconds % 1000 == 0
      ? .integer(Int64(microseconds / 1000))
      : .decimal(Decimal(sign: .plus, exponent: -3, significand: Decimal(microseconds)))
  }
}
