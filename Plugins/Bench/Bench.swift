internal import ConnectorKit

/// The least that a connector can do, so that `patchbay bench step` measures the way to it and back.
enum Bench: Connector {
  static let id = "bench"
  static let version = "1.0.0"

  static var operations: [Operation] {
    Action("fetch", fetch)
  }

  private struct Nothing: Codable {}

  /// One request, whose answer is not looked at.
  private static func fetch(_ input: Nothing, _ context: OperationContext) async throws -> Nothing {
    _ = try await context.http(HTTPRequest(method: "GET", url: "/items", endpoint: "api", auth: "default"))
    return input
  }
}
