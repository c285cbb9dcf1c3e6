internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let connectors: [Route] = [
    Route(
      .get, "/api/capabilities", "getCapabilities",
      "What each platform can do: formats, limits, scopes, as its manifest says.", .read,
      [.json(.object([("connectors", .map(to: .anything))]), "By the connectors' ids.")]
    ) { call in
      .json(["connectors": .object(await call.service.capabilities())])
    },
    Route(
      .get, "/api/connectors", "listConnectors", "The loaded connectors, and those that were refused.", .read,
      [.json(.object([("items", .list(of: ConnectorStatus.schema))]), "All of them.")]
    ) { call in
      .json(items(try await call.service.connectors(), for: call.principal))
    },
    Route(
      .get, "/api/connectors/{id}/status", "getConnectorStatus", "One connector.", .read,
      [.json(ConnectorStatus.schema, "The connector.")]
    ) { call in
      .json(try await call.service.connector(call.id).json(for: call.principal))
    },
    pause("pause", "pauseConnector", "Stops a connector's jobs, of all tenants.", isPaused: true),
    pause("resume", "resumeConnector", "Lets a connector's jobs go on.", isPaused: false),
    Route(
      .post, "/api/connectors/reload", "reloadConnectors",
      "Rereads the manifest directory; what runs is not touched.", .operate,
      [.json(.object([("items", .list(of: ConnectorStatus.schema))]), "All connectors as they are now.")],
      problems: [.conflict]
    ) { call in
      .json(items(try await call.service.reload(by: call.principal), for: call.principal))
    },
  ]

  static let host: [Route] = [
    Route(
      .get, "/api/audit", "listAuditEntries", "Who did what, newest first.", .read,
      query: QueryParameter.paging, [.json(.page(of: AuditEntry.schema), "A part of the trail.")]
    ) { call in
      .json(try await call.service.auditEntries(page: call.page, by: call.principal).json(\.json))
    },
    Route(
      .get, "/api/health", "getHealth",
      "Whether the host takes work, and how the tenant's connections are.", .read,
      [
        .json(
          .object([
            ("host", Readiness.schema),
            ("connections", .object(ConnectionState.allCases.map { ($0.rawValue, .integer()) })),
            ("syncs", .list(of: SyncLag.schema)),
          ]),
          "The checks of the host, how many connections are in which state, and how far behind streams are.")
      ]
    ) { call in
      let counts = try await call.service.connectionHealth(by: call.principal)
      let connections = ConnectionState.allCases.map { ($0.rawValue, JSONValue(count: counts[$0] ?? 0)) }
      return .json([
        "host": await call.service.readiness().json,
        "connections": .object(Dictionary(connections) { _, new in new }),
        "syncs": .array(try await call.service.syncHealth(by: call.principal).map(\.json)),
      ])
    },
    Route(
      .get, "/api/health/queue", "getQueueHealth", "How many jobs are in which state.", .read,
      [
        .json(
          .object([
            ("jobs", .object(Job.State.allCases.map { ($0.rawValue, .integer()) })),
            ("waiting", .integer().described("Those that have not ended.")),
          ]), "The counts.")
      ]
    ) { call in
      let depth = try await call.service.queueDepth(by: call.principal)
      let counts = Job.State.allCases.map { ($0.rawValue, JSONValue(count: depth[$0] ?? 0)) }
      let waiting = depth.filter { !$0.key.hasEnded }.values.reduce(0, +)
      return .json([
        "jobs": .object(Dictionary(counts) { _, new in new }), "waiting": JSONValue(count: waiting),
      ])
    },
  ]

  private static func pause(_ verb: String, _ operationID: String, _ summary: String, isPaused: Bool) -> Route
  {
    Route(
      .post, "/api/connectors/{id}/\(verb)", operationID, summary, .operate,
      [.json(ConnectorStatus.schema, "The connector as it is now.")], problems: [.conflict]
    ) { call in
      let status = try await call.service.setPause(
        ofConnector: call.id, isPaused: isPaused, by: call.principal)
      return .json(status.json(for: call.principal))
    }
  }

  private static func items(_ statuses: [ConnectorStatus], for principal: Principal) -> JSONValue {
    ["items": .array(statuses.map { $0.json(for: principal) })]
  }
}
