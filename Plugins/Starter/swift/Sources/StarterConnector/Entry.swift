public import ConnectorKit

/// The library's only exported symbol.
@c(patchbay_connector_entry_v1)
public func entry(
  _ minor: UInt16, _ report: UnsafePointer<patchbay_out>?
) -> UnsafePointer<patchbay_connector>? {
  unsafe ConnectorEntry.table(of: StarterPlatform.self, hostMinor: minor, report: report)
}
