internal import ConnectorModel
internal import Runtime

extension LimitsOverview {
  static let schema = Schema.object([
    ("at", Schema.instant.described("When they were looked at.")),
    ("limits", .list(of: LimitStatus.schema)),
    ("circuits", .list(of: CircuitStatus.schema)),
  ]).named("Limits")

  var json: JSONValue {
    [
      "at": JSONValue(instant: at), "limits": .array(limits.map { $0.json(at: at) }),
      "circuits": .array(circuits.map { $0.json(at: at) }),
    ]
  }
}

extension LimitStatus {
  static let schema = Schema.object([
    ("connector", .text), ("bucket", Schema.text.described("Its name in the manifest.")),
    ("scope", .choice(of: ["app", "account", "endpoint"])),
    (
      "connections",
      Schema.list(of: .text).orNull.described(
        "The tenant's connections that share it; null for one of scope `app`, which all tenants share and which shows totals only; empty while none uses it."
      )
    ),
    ("endpoint", Schema.text.orNull.described("For scope `endpoint`, while it is used.")),
    ("rule", .choice(of: ["concurrency", "rate", "remaining", "usage", "quota"])),
    (
      "source",
      .choice(of: ["declared", "header", "body", "adaptive"]).described("Where `allowed` comes from.")
    ),
    ("used", Schema.integer().described("Of `usage` in percent.")),
    ("limit", Schema.integer().orNull.described("At best; null when it is not known.")),
    ("allowed", Schema.integer().orNull.described("Now; null when it is not known.")),
    ("remaining", Schema.integer().orNull), ("windowMs", Schema.integer().orNull),
    ("resetsAt", Schema.instant.orNull.described("When all that is used is free again.")),
    ("resetsInMs", Schema.integer().orNull),
    (
      "nextAt",
      Schema.instant.orNull.described("When the next request may go; null for now or at the end of another.")
    ),
    ("nextInMs", Schema.integer().orNull), ("inFlight", .integer()),
    ("waiting", .object([("publishing", .integer()), ("syncing", .integer())])),
    ("reason", Schema.text.described("Why it is not simply as declared; empty when it is.")),
  ]).named("Limit")

  func json(at now: UInt64) -> JSONValue {
    let connections: JSONValue =
      switch holder {
      case .app: .null
      case .connections(let ids): .array(ids.map { .string($0) })
      case .nobody: []
      }
    return [
      "connector": .string(connector), "bucket": .string(bucket), "scope": .string(scope),
      "connections": connections, "endpoint": JSONValue(endpoint), "rule": .string(rule),
      "source": .string(source), "used": JSONValue(count: used), "limit": JSONValue(count: limit),
      "allowed": JSONValue(count: allowed), "remaining": JSONValue(count: remaining),
      "windowMs": window.map { .integer(Int64($0 / .milliseconds(1))) } ?? .null,
      "resetsAt": JSONValue(instant: resetsAt), "resetsInMs": JSONValue(until: resetsAt, from: now),
      "nextAt": JSONValue(instant: nextAt), "nextInMs": JSONValue(until: nextAt, from: now),
      "inFlight": JSONValue(count: inFlight),
      "waiting": [
        "publishing": JSONValue(count: publishingWaiting), "syncing": JSONValue(count: syncingWaiting),
      ],
      "reason": .string(reason),
    ]
  }
}

extension CircuitStatus {
  static let schema = Schema.object([
    ("connector", .text), ("host", .text), ("state", .choice(of: State.allCases.map(\.rawValue))),
    ("failures", Schema.integer().described("In a row.")),
    ("probesAt", Schema.instant.orNull.described("When one request finds out whether it works again.")),
    ("probesInMs", Schema.integer().orNull),
  ]).named("Circuit")

  func json(at now: UInt64) -> JSONValue {
    [
      "connector": .string(connector), "host": .string(host), "state": .string(state.rawValue),
      "failures": JSONValue(count: failures), "probesAt": JSONValue(instant: probesAt),
      "probesInMs": JSONValue(until: probesAt, from: now),
    ]
  }
}

extension JSONValue {
  /// Milliseconds between two times, rounded up; null without an end.
  fileprivate init(until end: UInt64?, from now: UInt64) {
    self = end.map { .integer($0 > now ? Int64(($0 - now + 999_999) / 1_000_000) : 0) } ?? .null
  }
}
