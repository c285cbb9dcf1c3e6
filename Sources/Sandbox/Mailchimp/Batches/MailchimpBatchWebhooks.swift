internal import ConnectorModel

/// A webhook that is told of every batch that ends.
struct BatchWebhook: Sendable {
  let id: String
  var url: LoopbackURL
  var isEnabled = true

  static let schema = ObjectSchema(["url": .string, "enabled": .boolean], required: ["url"])

  func body(_ call: MailchimpCall) -> JSONValue {
    [
      "id": .string(id), "url": .string(url.text), "enabled": .bool(isEnabled),
      "_links": call.itemLinks("/batch-webhooks/\(id)", schema: "BatchWebhooks"),
    ]
  }
}

// Webhooks for batches.
extension Mailchimp {
  private static let most = 20

  func batchWebhooks(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let example = LoopbackURL("http://127.0.0.1/").map { BatchWebhook(id: "", url: $0).body(call) }
    return try call.collection(
      "webhooks", batchWebhooks.map { $0.body(call) }, like: example ?? .null, at: "/batch-webhooks",
      schema: "BatchWebhooks")
  }

  func batchWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    .body(batchWebhooks[try batchWebhookIndex(call)].body(call), schema: "BatchWebhooks")
  }

  mutating func createBatchWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let fields = try call.resource(BatchWebhook.schema)
    let url = try Self.hookURL(fields, call)
    guard batchWebhooks.count < Self.most else {
      throw .badRequest("An account has at most \(Self.most) batch webhooks.")
    }
    var hook = BatchWebhook(id: identifiers.short(), url: url)
    hook.isEnabled = fields["enabled"] != false
    batchWebhooks.append(hook)
    return .body(hook.body(call), schema: "BatchWebhooks")
  }

  mutating func updateBatchWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try batchWebhookIndex(call)
    let changes = try call.resource(BatchWebhook.schema, isPartial: true)
    if changes["url"] != nil { batchWebhooks[index].url = try Self.hookURL(changes, call) }
    if let isEnabled = changes["enabled"]?.bool { batchWebhooks[index].isEnabled = isEnabled }
    return .body(batchWebhooks[index].body(call), schema: "BatchWebhooks")
  }

  mutating func deleteBatchWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    outbox.cancel(hook: batchWebhooks.remove(at: try batchWebhookIndex(call)).id)
    return .nothing
  }

  private func batchWebhookIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    guard let index = batchWebhooks.firstIndex(where: { $0.id == call.parameter("hook") }) else {
      throw .notFound
    }
    return index
  }

  /// A batch has ended.
  mutating func announce(_ batch: Batch, at now: SandboxInstant) {
    let body = Self.form(
      "batch_operation_completed",
      [
        NamedText("data[id]", batch.id), NamedText("data[status]", batch.stage.rawValue),
        NamedText("data[total_operations]", "\(batch.operations.count)"),
        NamedText("data[finished_operations]", "\(batch.finished)"),
        NamedText("data[errored_operations]", "\(batch.errored)"),
        NamedText("data[submitted_at]", batch.submitted.iso8601),
        NamedText("data[completed_at]", batch.completed?.iso8601 ?? ""),
        NamedText("data[response_body_url]", archiveURL(of: batch.id, at: now)),
      ], at: now)
    for hook in batchWebhooks where hook.isEnabled {
      outbox.add(hook: hook.id, url: hook.url, type: "batch_operation_completed", body: body, at: now)
    }
  }
}
