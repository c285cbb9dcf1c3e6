public import ConnectorKit

/// A connector for tests of what leaves an operation: it starts a task when the platform refuses, and only then.
enum Stray: Connector {
  static let id = "stray"
  static let version = "1.0.0"

  struct Nothing: Codable {}

  static var operations: [Operation] {
    Action("look") { (_: Nothing, context) in
      do {
        _ = try await context.http(
          HTTPRequest(method: "GET", url: "/things", endpoint: "api", auth: "default"))
      } catch {
        Task {}
        throw error
      }
      return Nothing()
    }
  }
}

/// The library's only exported symbol.
@c(patchbay_connector_entry_v1)
public func entry(
  _ minor: UInt16, _ report: UnsafePointer<patchbay_out>?
) -> UnsafePointer<patchbay_connector>? {
  unsafe ConnectorEntry.table(of: Stray.self, hostMinor: minor, report: report)
}
