internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let syncs: [Route] = [
    Route(
      .get, "/api/connections/{id}/syncs", "listSyncs",
      "The streams of a connection, and how well each is known.",
      .read, [.json(.object([("items", .list(of: SyncStatus.schema))]), "All of them.")]
    ) { call in
      let syncs = try await call.service.syncs(connection: call.id, by: call.principal)
      return .json(["items": .array(syncs.map(\.json))])
    },
    Route(
      .post, "/api/connections/{id}/syncs/{stream}/run", "runSync",
      "Has a stream read soon; one that is being read is read again.", .publish,
      [.json(SyncStatus.schema, "The stream as it is now; `runs` grows when the run begins.", status: 202)],
      problems: [.conflict]
    ) { call in
      let status = try await call.service.runSync(
        connection: call.id, stream: call.parameters["stream"] ?? "", by: call.principal)
      return .json(status.json, status: 202)
    },
    Route(
      .get, "/api/analytics/{connectionId}", "listMetrics",
      "What the platform reported of a connection's posts and account, newest first: the latest record of each "
        + "subject, or with `subject` all of its records.", .read,
      query: QueryParameter.paging + QueryParameter.analytics,
      [
        .json(
          .object([
            (
              "streams",
              Schema.list(of: SyncStatus.schema).described("What an unavailable stream lacks is not zero.")
            ),
            ("items", .list(of: SyncRecord.schema)),
            ("next", Schema.text.orNull.described("Pass it as `after` to go on; null at the end.")),
          ]), "A part of the list, and how well each stream is known.")
      ]
    ) { call in
      let found = try await call.service.analytics(
        connection: call.parameters["connectionId"] ?? "", matching: AnalyticsQuery(call.query),
        page: call.page,
        by: call.principal)
      return .json([
        "streams": .array(found.streams.map(\.json)), "items": .array(found.records.elements.map(\.json)),
        "next": JSONValue(found.records.next),
      ])
    },
  ]
}

extension QueryParameter {
  fileprivate static let analytics = [
    QueryParameter(name: "stream", words: "Only records of this stream.", form: .id),
    QueryParameter(name: "kind", words: "Only records of this kind.", form: .name),
    QueryParameter(
      name: "subject", words: "All records of this subject, such as a post's id at its platform.",
      form: .name),
    QueryParameter(name: "since", words: "Only records of this time or later.", form: .instant),
    QueryParameter(name: "until", words: "Only records of before this time.", form: .instant),
  ]
}

extension TextForm {
  /// What a connector calls something.
  fileprivate static let name = TextForm(
    schema: Schema(json: ["type": "string", "minLength": 1, "maxLength": 512]),
    words: "a text of 1 to 512 bytes"
  ) { (1...512).contains($0.utf8.count) }

  fileprivate static let instant = TextForm(
    schema: .instant, words: "a time such as 2026-01-31T09:00:00Z"
  ) { Timestamp.nanoseconds($0) != nil }
}

extension AnalyticsQuery {
  /// Each has its form.
  fileprivate init(_ query: [String: String]) {
    self.init(
      stream: query["stream"], kind: query["kind"], subject: query["subject"],
      since: query["since"].flatMap(Timestamp.nanoseconds),
      until: query["until"].flatMap(Timestamp.nanoseconds))
  }
}
