internal import ConnectorModel
internal import Manifest

/// What a library says of itself: names only.
package struct Descriptor: Sendable, Equatable, Decodable {
  package struct ABI: Sendable, Equatable, Decodable {
    package var major: Int
    package var minor: Int
  }

  package var id: String
  package var version: String
  package var abi: ABI
  package var actions: [String]
  package var sync: [String]
  package var webhooks: [String]
  /// It answers operations of kind HEALTH.
  package var health: Bool
  package var extensions: [String]

  /// - Throws: `brokeContract` when the JSON is not a descriptor.
  init(parsing json: [UInt8], path: String) throws(PluginError) {
    do {
      self = try StableJSON.decode(Descriptor.self, from: json)
    } catch {
      throw .brokeContract(
        path: path, rule: "D-1",
        what:
          "describe did not answer {id, version, abi: {major, minor}, actions[], sync[], webhooks[], health, "
          + "extensions[]}")
    }
  }
}

extension Descriptor {
  /// Each way in which it differs from the manifest, one sentence each, the library's file first.
  func differences(from manifest: Manifest, library: String) -> [String] {
    var found: [String] = []
    func compare(_ field: String, _ ours: String, _ theirs: String) {
      if ours != theirs { found.append("the manifest says \(field) \(ours), \(library) says \(theirs)") }
    }
    func compareNames(_ kind: String, _ ours: some Sequence<String>, _ theirs: [String]) {
      let (ours, theirs) = (Set(ours), Set(theirs))
      for name in ours.subtracting(theirs).sorted() {
        found.append("the manifest lists the \(kind) \(name) that \(library) does not have")
      }
      for name in theirs.subtracting(ours).sorted() {
        found.append("\(library) has the \(kind) \(name) that the manifest does not list")
      }
    }
    compare("id", manifest.id, id)
    compare("version", manifest.version, version)
    compare("abi", "\(manifest.abi.major).\(manifest.abi.minor)", "\(abi.major).\(abi.minor)")
    compareNames("action", manifest.actions.keys, actions)
    compareNames("sync", manifest.sync.keys, sync)
    compareNames("webhook", manifest.webhooks.keys, webhooks)
    compareNames("extension", manifest.extensions, extensions)
    if let deep = manifest.health.deepAction, !actions.contains(deep) {
      found.append("the manifest's deep health check runs \(deep), which \(library) does not have")
    }
    return found
  }
}
