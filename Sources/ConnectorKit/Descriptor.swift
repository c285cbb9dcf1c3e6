/// What a connector says of itself: names only, compiled from its code.
///
/// The host compares it with the manifest.
struct Descriptor: Codable, Equatable {
  struct ABI: Codable, Equatable {
    var major: Int
    var minor: Int
  }

  var id: String
  var version: String
  var abi: ABI
  var actions: [String]
  var sync: [String]
  var webhooks: [String]
  var health: Bool
  var extensions: [String]

  init(of connector: (some Connector).Type) {
    let operations = connector.operations
    func names(_ kind: OperationStart.Kind) -> [String] {
      operations.filter { $0.kind == kind }.map(\.name).sorted()
    }
    id = connector.id
    version = connector.version
    abi = ABI(major: Int(PATCHBAY_ABI_MAJOR), minor: Int(PATCHBAY_ABI_MINOR))
    actions = names(.action)
    sync = names(.sync)
    webhooks = names(.webhook)
    health = operations.contains { $0.kind == .health }
    extensions = []
  }

  func encoded() throws -> [UInt8] { try StableJSON.encode(self) }
}
