internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let deadLetters: [Route] = [
    Route(
      .get, "/api/dlq", "listDeadLetters", "The dead letters that nobody has handled, newest first.", .read,
      query: QueryParameter.paging, [.json(.page(of: DeadLetter.schema), "A part of the list.")]
    ) { call in
      .json(try await call.service.deadLetters(page: call.page, by: call.principal).json(\.json))
    },
    Route(
      .get, "/api/dlq/{id}", "getDeadLetter", "One dead letter.", .read,
      [.json(DeadLetter.schema, "The dead letter.")]
    ) { call in
      .json(try await call.service.deadLetter(call.id, by: call.principal).json)
    },
    Route(
      .delete, "/api/dlq/{id}", "dropDeadLetter", "Drops a dead letter.", .publish, [.none("It is dropped.")],
      problems: [.conflict]
    ) { call in
      try await call.service.dropDeadLetter(call.id, by: call.principal)
      return .none
    },
    Route(
      .post, "/api/dlq/{id}/retry", "retryDeadLetter", "Makes a new job from a dead letter.", .publish,
      [.json(Job.schema, "The new job.", status: 202)], problems: [.conflict, .overloaded]
    ) { call in
      .json(try await call.service.retryDeadLetter(call.id, by: call.principal).json, status: 202)
    },
    Route(
      .post, "/api/dlq/retry", "retryDeadLetters",
      "Makes new jobs from all dead letters, at most 1,000 at a time.", .publish,
      [.json(.object([("items", .list(of: Job.schema))]), "The new jobs.", status: 202)],
      problems: [.conflict, .overloaded]
    ) { call in
      let jobs = try await call.service.retryDeadLetters(by: call.principal)
      return .json(["items": .array(jobs.map(\.json))], status: 202)
    },
  ]
}
