public import ConnectorKit

/// A connector whose two revisions share every name and differ in every layout.
enum Catalogue: Connector {
  static let id = "catalogue"
  static let version = Revision.version

  static var operations: [Operation] {
    Action("catalogue.count") { (input: CountInput, context) in try await Count(context).run(input) }
    Action("plain.task") { (_: NoInput, _) in
      Task {}
      return Done()
    }
    Action("detached.task") { (_: NoInput, _) in
      Task.detached {}
      return Done()
    }
    Action("plain.sleep") { (_: NoInput, _) in
      // An hour: should nobody notice it, the operation's deadline will.
      try await Task.sleep(for: .seconds(3600))
      return Done()
    }
  }
}

struct NoInput: Decodable {}
struct Done: Encodable {}

/// The library's only exported symbol.
@c(patchbay_connector_entry_v1)
public func entry(
  _ minor: UInt16, _ report: UnsafePointer<patchbay_out>?
) -> UnsafePointer<patchbay_connector>? {
  unsafe ConnectorEntry.table(of: Catalogue.self, hostMinor: minor, report: report)
}
