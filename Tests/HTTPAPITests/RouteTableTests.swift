import Testing

@testable import HTTPAPI

@Suite struct RouteTableTests {
  private func operation(_ method: String, _ target: String) throws -> String? {
    guard case .route(let route, _) = RouteTable.all.match(method, try RequestTarget(target).segments) else {
      return nil
    }
    return route.operationID
  }

  @Test func everyRouteIsFoundByItsOwnTarget() throws {
    for route in RouteTable.all.routes {
      #expect(try operation(route.method.rawValue, route.sampleTarget) == route.operationID)
    }
  }

  @Test func operationsHaveDifferentNames() {
    #expect(Set(RouteTable.all.routes.map(\.operationID)).count == RouteTable.all.routes.count)
  }

  @Test func productRoutesAreThere() throws {
    for line in [
      "POST /api/connections", "GET /api/connections/x", "POST /api/connections/x/refresh",
      "DELETE /api/connections/x", "POST /api/publish", "GET /api/jobs/x", "POST /api/jobs/x/cancel",
      "POST /api/jobs/x/reconcile", "PATCH /api/posts/x", "DELETE /api/posts/x", "GET /api/analytics/x",
      "GET /api/connections/x/syncs", "POST /api/connections/x/syncs/campaign.reports/run",
      "GET /api/dlq", "POST /api/dlq/x/retry", "DELETE /api/dlq/x", "GET /api/capabilities",
      "GET /api/connectors", "GET /api/connectors/x/status", "POST /api/connectors/x/pause",
      "POST /api/connectors/x/resume", "POST /api/connectors/reload", "GET /api/audit", "GET /api/limits",
      "GET /api/health",
      "GET /api/health/queue", "GET /ping", "GET /ready", "GET /metrics", "GET /openapi.json", "GET /",
    ] {
      let words = line.split(separator: " ").map(String.init)
      #expect(try operation(words[0], words[1]) != nil, "\(line)")
    }
  }

  @Test func literalSegmentsWinOverParameters() throws {
    #expect(try operation("POST", "/api/dlq/retry") == "retryDeadLetters")
    #expect(try operation("POST", "/api/connectors/reload") == "reloadConnectors")
    guard case .otherMethods(["POST"]) = RouteTable.all.match("DELETE", ["api", "dlq", "retry"]) else {
      Issue.record("retry passes for an id")
      return
    }
  }

  @Test func otherMethodsAreNamed() throws {
    guard case .otherMethods(let methods) = RouteTable.all.match("PUT", ["api", "posts", "x"]) else {
      Issue.record("PUT is no method of posts")
      return
    }
    #expect(methods == ["DELETE", "GET", "HEAD", "PATCH"])
  }

  @Test(arguments: ["/api", "/api/jobs/", "//ping", "/api/jobs/x/cancel/y", "/Ping", "*"])
  func otherPathsAreUnknown(_ target: String) throws {
    guard case .none = RouteTable.all.match("GET", try RequestTarget(target).segments) else {
      Issue.record("\(target) has a route")
      return
    }
  }
}
