internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let jobs: [Route] = [
    Route(
      .post, "/api/publish", "publish",
      "Takes something to publish, now or later; the same key with the same body gives the same job.",
      .publish, body: PublishBody.schema, receipts,
      problems: [.notFound, .conflict, .idempotencyConflict, .unsupported, .overloaded]
    ) { call in
      .receipt(try await call.service.publish(try PublishBody.order(of: call), by: call.principal))
    },
    Route(
      .get, "/api/jobs", "listJobs", "The jobs, newest first.", .read,
      query: QueryParameter.paging + [
        QueryParameter(
          name: "state", words: "Only those in this state.",
          form: .choice(of: Job.State.allCases.map(\.rawValue))),
        QueryParameter(name: "connectionId", words: "Only those of this connection.", form: .id),
      ],
      [.json(.page(of: Job.schema), "A part of the list.")]
    ) { call in
      let filter = JobFilter(
        state: call.query["state"].flatMap(Job.State.init), connection: call.query["connectionId"])
      let page = try await call.service.jobs(matching: filter, page: call.page, by: call.principal)
      return .json(page.json(\.json))
    },
    Route(
      .get, "/api/jobs/{id}", "getJob", "One job, with every attempt and where its time went.", .read,
      [.json(JobDetail.schema, "The job.")]
    ) { call in
      .json(try await call.service.job(call.id, by: call.principal).json)
    },
    Route(
      .post, "/api/jobs/{id}/cancel", "cancelJob", "Cancels a job that has not ended.", .publish,
      [.json(Job.schema, "The job; one that runs is cancelled as soon as it can be.")], problems: [.conflict]
    ) { call in
      .json(try await call.service.cancelJob(call.id, by: call.principal).json)
    },
    Route(
      .post, "/api/jobs/{id}/reconcile", "reconcileJob",
      "Lets the connector look whether an unknown job took effect; a held one goes on.", .publish,
      [.json(Job.schema, "The job as it is now.")], problems: [.conflict, .unsupported]
    ) { call in
      .json(try await call.service.reconcileJob(call.id, by: call.principal).json)
    },
  ]

  /// What orders are answered with.
  static let receipts: [Success] = [
    .json(Job.schema, "It is kept and will be done.", status: 202),
    .json(Job.schema, "The same came before: this is its job.", status: 200),
  ]
}

extension Answer {
  static func receipt(_ receipt: PublishReceipt) -> Answer {
    var answer = Answer.json(receipt.job.json, status: receipt.isNew ? 202 : 200)
    answer.headers = [HeaderLine("Location", "/api/jobs/\(receipt.job.id)")]
    return answer
  }
}

/// The body of `POST /api/publish`.
private enum PublishBody {
  private static let key = TextForm.visible(atMost: 255)
  private static let misfire = TextForm.choice(of: Job.Misfire.allCases.map(\.rawValue))

  static let schema = Schema.object([
    ("connectionId", TextForm.id.schema),
    ("idempotencyKey", key.schema.described("Yours; one publish per connection and key.")),
    ("payload", Schema.anyObject.described("The action's input; `action` names another write action.")),
  ])
  .with(optional: "scheduledFor", .instant.described("Leave it out to publish at once."))
  .with(
    optional: "misfire",
    misfire.schema.described("When the host was down at that time.").defaulting(to: "publish")
  )
  .with(optional: "tenantId", TextForm.id.schema.described("Must be the key's own."))
  .closed.named("PublishOrder")

  static func order(of call: Call) throws(Problem) -> PublishOrder {
    var members = try call.members()
    let connection = try members.text("connectionId", .id)
    let key = try members.text("idempotencyKey", key)
    let payload = try members.object("payload")
    let scheduledFor = try members.optionalInstant("scheduledFor")
    let misfire = try members.optionalText("misfire", misfire).flatMap(Job.Misfire.init) ?? .publish
    let tenant = try members.optionalText("tenantId", .id)
    try members.end()
    try call.checkTenant(tenant)
    return PublishOrder(
      connection: connection, idempotencyKey: key, payload: payload, scheduledFor: scheduledFor,
      misfire: misfire)
  }
}
