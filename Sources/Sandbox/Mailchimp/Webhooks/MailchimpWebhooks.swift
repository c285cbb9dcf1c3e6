internal import ConnectorModel

// Webhooks of an audience.
extension Mailchimp {
  func webhooks(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let example = LoopbackURL("http://127.0.0.1/").map {
      ListWebhook(id: "", url: $0, events: [:], sources: [:], secret: "").body(call, listID: list.id)
    }
    return try call.collection(
      "webhooks", list.webhooks.map { $0.body(call, listID: list.id) }, like: example ?? .null,
      at: "/lists/\(list.id)/webhooks", schema: "Lists/Webhooks", extra: ["list_id": .string(list.id)])
  }

  func webhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, hook) = try webhookIndex(call)
    return webhookAnswer(list, hook, call)
  }

  mutating func createWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let fields = try call.resource(ListWebhook.schema)
    let url = try Self.hookURL(fields, call)
    guard !lists[list].webhooks.contains(where: { $0.url == url }) else {
      throw .invalid("url", "Sorry, you can't set up multiple WebHooks for one URL.")
    }
    let hook = ListWebhook(
      id: identifiers.short(), url: url, events: ListWebhook.flags(ListWebhook.eventNames, fields["events"]),
      sources: ListWebhook.flags(ListWebhook.sourceNames, fields["sources"]),
      secret: identifiers.hexadecimal(64))
    lists[list].webhooks.append(hook)
    return .body(hook.body(call, listID: lists[list].id, isNew: true), schema: "Lists/Webhooks")
  }

  mutating func updateWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, hook) = try webhookIndex(call)
    let changes = try call.resource(ListWebhook.schema, isPartial: true)
    if changes["url"] != nil { lists[list].webhooks[hook].url = try Self.hookURL(changes, call) }
    lists[list].webhooks[hook].events.merge(changes["events"]?.members ?? [:]) { _, new in new }
    lists[list].webhooks[hook].sources.merge(changes["sources"]?.members ?? [:]) { _, new in new }
    return webhookAnswer(list, hook, call)
  }

  mutating func deleteWebhook(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, hook) = try webhookIndex(call)
    outbox.cancel(hook: lists[list].webhooks.remove(at: hook).id)
    return .nothing
  }

  private func webhookIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, hook: Int) {
    let list = try listIndex(call)
    guard let hook = lists[list].webhooks.firstIndex(where: { $0.id == call.parameter("hook") }) else {
      throw .notFound
    }
    return (list, hook)
  }

  private func webhookAnswer(_ list: Int, _ hook: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(lists[list].webhooks[hook].body(call, listID: lists[list].id), schema: "Lists/Webhooks")
  }

  /// The `url` of a webhook, which must have answered a GET with 200.
  static func hookURL(
    _ fields: [String: JSONValue], _ call: MailchimpCall
  ) throws(MailchimpProblem) -> LoopbackURL {
    guard let url = LoopbackURL(fields["url"]?.text ?? "") else {
      throw .invalid(
        "url", "We couldn't connect to the URL. The sandbox calls 127.0.0.1, localhost and [::1] alone.")
    }
    guard call.probeStatus == 200 else {
      throw .invalid(
        "url",
        "The URL must answer GET with 200. We received \(call.probeStatus.map(String.init) ?? "nothing").")
    }
    return url
  }

  /// The URL that has to be tried before the request is served: that of a webhook to be made or changed.
  func probe(before request: SandboxRequest) -> LoopbackURL? {
    guard ["POST", "PATCH"].contains(request.method), request.host != Self.loginHost,
      request.segments.dropFirst().contains(where: { ["webhooks", "batch-webhooks"].contains($0) }),
      (try? authorize(request)) != nil
    else { return nil }
    return JSONValue.parse(request.body)?["url"]?.text.flatMap(LoopbackURL.init)
  }
}
