public import ConnectorKit

/// A connector for tests of what only Swift can break: a task that leaves its operation when the platform refuses, and
/// memory that is handed out unwritten.
enum Stray: Connector {
  static let id = "stray"
  static let version = "1.0.0"

  struct Nothing: Codable {}

  struct Found: Codable { var bytes: [UInt8] }

  static var operations: [Operation] {
    Action("careless") { (_: Nothing, _) in
      Found(bytes: unsafe [UInt8](unsafeUninitializedCapacity: 64) { _, count in count = 64 })
    }
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
