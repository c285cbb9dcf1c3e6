internal import ConnectorModel
internal import Ports
internal import Runtime

/// A request that found its route and proved who sends it, as handlers see it.
struct Call: Sendable {
  var service: any APIService
  var principal: Principal
  /// By the names of the template; each has the form of an id.
  var parameters: [String: String]
  /// Only what the route declares; each has its form.
  var query: [String: String]
  /// Nil when the route takes none.
  var body: JSONValue?

  var id: String { parameters["id"] ?? "" }

  var page: PageRequest {
    PageRequest(after: query["after"], limit: query["limit"].flatMap { Int($0) } ?? 50)
  }

  func members() throws(Problem) -> BodyMembers { try BodyMembers(body ?? .null) }

  /// Another tenant may be named only to be refused.
  func checkTenant(_ tenant: String?) throws(Problem) {
    guard let tenant, tenant != principal.tenant else { return }
    throw Problem(
      .forbidden, "This API key belongs to another tenant: leave tenantId out, or use that tenant's key.",
      pointer: "/tenantId")
  }
}
