internal import ConnectorModel
internal import PluginLoader

/// Starts a connector with a configuration that nobody promised it.
enum ConfigurationProbe {
  /// - Returns: nil when it refuses the configuration as the rules say.
  /// - Throws: `failed` when it broke a rule by that, and told so.
  static func open(
    _ loaded: LoadedConnector, _ configuration: JSONValue?, _ run: CaseRun
  ) throws(CaseStop) -> SteppedHost? {
    run.doing("create with another configuration", rule: "L-2")
    do throws(PluginError) {
      let instance = try loaded.makeInstance(configuration: configuration)
      SteppedHost.keep(instance)
      return SteppedHost(manifest: loaded.manifest, loaded: loaded, instance: instance)
    } catch {
      switch error {
      case .createFailed: return nil
      case .brokeContract(_, let rule, let what):
        run.find(rule, expected: "an instance, or `fail` with its code", happened: what)
      default: run.find("L-2", expected: "an instance, or `fail` with its code", happened: "\(error)".cut)
      }
      throw .failed
    }
  }
}
