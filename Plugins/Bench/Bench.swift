internal import ConnectorKit

/// The least that a connector can do, so that `patchbay bench step` measures the way to it and back.
enum Bench: Connector {
  static let id = "bench"
  static let version = "1.0.0"

  static var operations: [Operation] {
    Action("fetch", fetch)
  }

  private struct Order: Codable {
    var requests: Int
  }

  /// So many requests one after the other, whose answers are not looked at.
  private static func fetch(_ order: Order, _ context: OperationContext) async throws -> Order {
    for _ in 0..<order.requests {
      _ = try await context.http(HTTPRequest(method: "GET", url: "/items", endpoint: "api", auth: "default"))
    }
    return order
  }
}
