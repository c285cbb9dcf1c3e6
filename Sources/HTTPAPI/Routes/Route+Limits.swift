internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let limits: [Route] = [
    Route(
      .get, "/api/limits", "getLimits",
      "What every limit allows now: the buckets that the tenant's connections use, those that all share, and the hosts.",
      .read,
      query: [
        QueryParameter(name: "connector", words: "Only of this connector.", form: .id)
      ],
      [.json(LimitsOverview.schema, "All of them at one moment.")], problems: [.notFound]
    ) { call in
      let overview = try await call.service.limits(connector: call.query["connector"], by: call.principal)
      return .json(overview.json)
    }
  ]
}
