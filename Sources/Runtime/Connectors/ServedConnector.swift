internal import Egress
internal import Manifest
internal import Operations
internal import PluginLoader

/// A connector that takes operations: one library, loaded for one manifest.
struct ServedConnector: Sendable {
  let manifest: Manifest
  let schemas: ActionSchemas
  let hosted: HostedConnector
  /// Its door to the network, for questions about limits.
  let egress: Egress
  /// How it was loaded.
  let entry: LoadReport.Entry
  /// Counts what was loaded under this id in this process.
  let generation: Int

  /// Of the library; a journal that needs it names it.
  var sha256: String { entry.sha256 ?? "" }
}
