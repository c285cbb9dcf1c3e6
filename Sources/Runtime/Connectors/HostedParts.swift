internal import Egress
internal import Manifest
internal import Operations
internal import PluginLoader
internal import Ports

/// What a loaded library becomes when it is wired to the network: an instance, its door, its schemas.
struct HostedParts: Sendable {
  var schemas: ActionSchemas
  var hosted: HostedConnector
  var egress: Egress

  /// - Parameters:
  ///   - former: the door of the generation that this one replaces.
  ///   - counted: what was sent before this process, by connector.
  /// - Throws: why the connector does not start.
  init(
    _ connector: LoadedConnector, replacing former: Egress?, counted: [String: [RateCount]] = [:],
    transport: any Transport, tokens: any TokenSource, clock: any HostClock
  ) throws {
    let manifest = connector.manifest
    egress = Egress(
      manifest: manifest, tokens: tokens, transport: transport, clock: clock,
      seed: UInt64.random(in: .min ... .max), replacing: former, counted: counted[manifest.id] ?? [])
    schemas = try ActionSchemas(of: manifest)
    hosted = HostedConnector(
      instance: try connector.makeInstance(), http: egress, limits: manifest.limits.operation)
  }
}
