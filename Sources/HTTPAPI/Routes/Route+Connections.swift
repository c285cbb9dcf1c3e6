internal import ConnectorModel
internal import Ports
internal import Runtime
internal import Secrets

extension Route {
  static let connections: [Route] = [
    Route(
      .post, "/api/connections", "connectAccount", "Connects an account by its key or token.", .connect,
      body: ConnectBody.schema,
      [.json(ConnectionRecord.schema, "The account is connected.", status: 201)],
      problems: [.notFound, .conflict, .unsupported, .rejectedByPlatform, .platformUnavailable]
    ) { call in
      let connection = try await call.service.connect(try ConnectBody.order(of: call), by: call.principal)
      var answer = Answer.json(connection.json, status: 201)
      answer.headers = [HeaderLine("Location", "/api/connections/\(connection.id)")]
      return answer
    },
    Route(
      .get, "/api/connections", "listConnections", "The connected accounts, newest first.", .read,
      query: QueryParameter.paging + [
        QueryParameter(name: "platform", words: "Only those of this platform.", form: .id)
      ],
      [.json(.page(of: ConnectionRecord.schema), "A part of the list.")]
    ) { call in
      let page = try await call.service.connections(
        connector: call.query["platform"], page: call.page, by: call.principal)
      return .json(page.json(\.json))
    },
    Route(
      .get, "/api/connections/{id}", "getConnection", "One connected account.", .read,
      [.json(ConnectionRecord.schema, "The connection.")]
    ) { call in
      .json(try await call.service.connection(call.id, by: call.principal).json)
    },
    Route(
      .delete, "/api/connections/{id}", "removeConnection",
      "Removes a connection with its secrets; its waiting jobs are cancelled.", .connect,
      [.none("It is gone.")], problems: [.conflict]
    ) { call in
      try await call.service.removeConnection(call.id, by: call.principal)
      return .none
    },
    Route(
      .post, "/api/connections/{id}/refresh", "refreshConnection",
      "Asks the platform whether the account still answers.", .connect,
      [.json(ConnectionRecord.schema, "The connection as it is now.")],
      problems: [.conflict, .unsupported, .rejectedByPlatform, .platformUnavailable]
    ) { call in
      .json(try await call.service.refresh(call.id, by: call.principal).json)
    },
    pause("pause", "pauseConnection", "Holds the connection's jobs.", isPaused: true),
    pause("resume", "resumeConnection", "Lets the connection's jobs go on.", isPaused: false),
  ]

  private static func pause(_ verb: String, _ operationID: String, _ summary: String, isPaused: Bool) -> Route
  {
    Route(
      .post, "/api/connections/{id}/\(verb)", operationID, summary, .connect,
      [.json(ConnectionRecord.schema, "The connection as it is now.")], problems: [.conflict]
    ) { call in
      let connection = try await call.service.setPause(
        ofConnection: call.id, isPaused: isPaused, by: call.principal)
      return .json(connection.json)
    }
  }
}

/// The body of `POST /api/connections`.
private enum ConnectBody {
  private static let secret = TextForm.visible(atMost: 8192)

  static let schema = Schema(
    json: Schema.object([("platform", TextForm.id.schema)])
      .with(optional: "apiKey", secret.schema.described("The platform's key of the account."))
      .with(optional: "accessToken", secret.schema.described("Instead of apiKey: an OAuth access token."))
      .with(optional: "tenantId", TextForm.id.schema.described("Must be the key's own."))
      .closed.json.with(oneOf: ["apiKey", "accessToken"])
  ).named("ConnectOrder")

  static func order(of call: Call) throws(Problem) -> ConnectOrder {
    var members = try call.members()
    let platform = try members.text("platform", .id)
    let apiKey = try members.optionalText("apiKey", secret)
    let accessToken = try members.optionalText("accessToken", secret)
    let tenant = try members.optionalText("tenantId", .id)
    try members.end()
    try call.checkTenant(tenant)
    switch (apiKey, accessToken) {
    case (let key?, nil): return ConnectOrder(connector: platform, secret: Secret(key), kind: .apiKey)
    case (nil, let token?): return ConnectOrder(connector: platform, secret: Secret(token), kind: .token)
    default:
      throw Problem(.invalidInput, "The body must have either apiKey or accessToken.", pointer: "")
    }
  }
}

extension JSONValue {
  /// An object schema that also wants exactly one of these members.
  fileprivate func with(oneOf names: [String]) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members["oneOf"] = .array(names.map { ["required": [.string($0)]] })
    return .object(members)
  }
}
