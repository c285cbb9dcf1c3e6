internal import ConnectorModel
internal import NIOCore
internal import Ports
internal import Runtime

extension Route {
  /// What needs no key.
  static let open: [Route] = [
    Route(
      withoutKey: "/ping", "ping", "Whether the host is alive.",
      [.json(.object([("isAlive", .boolean)]), "It is.")]
    ) { _ in
      .json(["isAlive": true])
    },
    Route(
      withoutKey: "/ready", "ready", "Whether the host takes work.",
      [.json(Readiness.schema, "It does."), .json(Readiness.schema, "It does not, or not yet.", status: 503)]
    ) { service in
      let readiness = await service.readiness()
      return .json(readiness.json, status: readiness.isReady ? 200 : 503)
    },
    Route(
      withoutKey: "/metrics", "metrics", "Metrics in the text format of Prometheus.",
      access: .everybodyOnLoopback(.operate), [.text("text/plain; version=0.0.4", "The metrics.")]
    ) { service in
      .text(await service.metricsText(), mediaType: "text/plain; version=0.0.4; charset=utf-8")
    },
    Route(
      withoutKey: "/openapi.json", "openapi", "This description.", [.json(.anyObject, "OpenAPI 3.1.")]
    ) { _ in
      OpenAPIDocument.answer
    },
    Route(withoutKey: "/", "welcome", "A page for people.", [.text("text/html", "What this is.")]) { _ in
      WelcomePage.answer
    },
  ]
}

extension OpenAPIDocument {
  /// Made once.
  fileprivate static let answer = Answer.json(OpenAPIDocument(RouteTable.all.routes).json)
}
