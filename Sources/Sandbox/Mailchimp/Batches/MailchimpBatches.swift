internal import ConnectorModel

// Batches: many operations at once, whose results are an archive at a signed URL.
extension Mailchimp {
  private static let mostPending = 500
  private static let pageSize = 1000

  func batches(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let example = Batch(id: "0", user: .owner, host: call.host, operations: [], at: call.now)
    return try call.collection(
      "batches", batches.reversed().map { body(of: $0, call) }, like: body(of: example, call), at: "/batches",
      schema: "Batches")
  }

  func batch(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    .body(body(of: batches[try batchIndex(call)], call), schema: "Batches")
  }

  mutating func startBatch(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let entries = try call.resource(Batch.schema)["operations"]?.elements ?? []
    guard !entries.isEmpty else { throw .invalid("operations", "At least one operation is required.") }
    let hooks = Set(batchWebhooks.map(\.id))
    guard batches.count(where: { $0.stage != .finished }) < Self.mostPending,
      outbox.waiting(for: hooks) < Self.mostPending
    else {
      throw MailchimpProblem(
        status: 429, title: "Too Many Requests",
        detail: "You have more than \(Self.mostPending) pending batches.")
    }
    var operations: [Batch.Operation] = []
    for (index, entry) in entries.enumerated() {
      let path = entry["path"]?.text ?? ""
      guard path.hasPrefix("/"), !path.hasPrefix("/batches"), !path.contains("?") else {
        throw .invalid("operations.item:\(index).path", "Give a path such as /lists, without a query.")
      }
      let query = (entry["params"]?.members ?? [:]).sorted { $0.key < $1.key }.map { name, value in
        NamedText(
          name, value.text ?? value.integer.map(String.init) ?? value.bool.map { $0 ? "true" : "false" } ?? ""
        )
      }
      operations.append(
        Batch.Operation(
          id: entry["operation_id"]?.text ?? "", method: entry["method"]?.text ?? "GET", path: path,
          query: query, body: entry["body"]?.text ?? ""))
    }
    let batch = Batch(
      id: identifiers.short(), user: call.user, host: call.host, operations: operations, at: call.now)
    batches.append(batch)
    return .body(body(of: batch, call), schema: "Batches")
  }

  /// Stops it where it is; what was done stays done.
  mutating func deleteBatch(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    batches.remove(at: try batchIndex(call))
    return .nothing
  }

  private func batchIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    guard let index = batches.firstIndex(where: { $0.id == call.parameter("batch") }) else {
      throw .notFound
    }
    return index
  }

  /// Each look at a finished batch makes a new URL, which is good for ten minutes.
  func body(of batch: Batch, _ call: MailchimpCall) -> JSONValue {
    let url = batch.hasResults(at: call.now) ? archiveURL(of: batch.id, at: call.now) : ""
    return [
      "id": .string(batch.id), "status": .string(batch.stage.rawValue),
      "total_operations": .number(batch.operations.count), "finished_operations": .number(batch.finished),
      "errored_operations": .number(batch.errored), "submitted_at": .string(batch.submitted.iso8601),
      "completed_at": .string(batch.completed?.iso8601 ?? ""), "response_body_url": .string(url),
      "_links": [
        call.relation("self", "/batches/\(batch.id)", schema: "Batches"),
        call.relation("parent", "/batches", schema: "Batches"),
        call.relation("delete", "/batches/\(batch.id)", method: "DELETE"),
      ],
    ]
  }

  mutating func advance(batch index: Int, at time: SandboxInstant) {
    let operation = batches[index].step(at: time)
    let batch = batches[index]
    if let operation {
      let results = run(operation, of: batch, at: time)
      batches[index].settle(results)
    } else if batch.stage == .finished {
      announce(batch, at: time)
    }
  }

  /// A read without `count` goes through all pages, each of which is a result of its own.
  private mutating func run(
    _ operation: Batch.Operation, of batch: Batch, at time: SandboxInstant
  ) -> [Batch.Result] {
    let isWhole = operation.method == "GET" && !operation.query.contains { $0.name == "count" }
    var results: [Batch.Result] = []
    var offset = 0
    while true {
      var query = operation.query
      if isWhole {
        query.append(NamedText("count", "\(Self.pageSize)"))
        if offset > 0 { query.append(NamedText("offset", "\(offset)")) }
      }
      let (status, value) = perform(operation, query: query, of: batch, at: time)
      results.append(
        Batch.Result(
          operationID: operation.id, status: status,
          response: value.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""))
      offset += Self.pageSize
      let total = Int(value?["total_items"]?.integer ?? 0)
      guard isWhole, offset < total, !operation.query.contains(where: { $0.name == "offset" }) else {
        return results
      }
    }
  }

  private mutating func perform(
    _ operation: Batch.Operation, query: [NamedText], of batch: Batch, at time: SandboxInstant
  ) -> (status: Int, value: JSONValue?) {
    do throws(MailchimpProblem) {
      let segments = operation.path.split(separator: "/").map {
        FormText.percentDecoded($0, plusIsSpace: false)
      }
      let (route, parameters) = try MailchimpRoute.find(operation.method, segments)
      let call = MailchimpCall(
        now: time, host: batch.host, query: query, parameters: parameters,
        body: try Self.body(Array(operation.body.utf8), method: operation.method), user: batch.user)
      try batch.user.check(route)
      let answer = try route.handle(&self, call)
      guard let value = answer.value else { return (204, nil) }
      return (200, try PartialResponse(query: query).apply(to: value, shape: answer.shape ?? value))
    } catch {
      return (error.status, error.body(instance: identifiers.uuid()))
    }
  }
}
