internal import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Where the host of a state directory answers: `host.json` in it, written when it is ready and taken away when it ends.
struct RunningHost: Codable, Sendable {
  var url: String
  /// Path of the authority to trust; nil without TLS or with a certificate of the operator's.
  var ca: String?
  var pid: Int32

  private static let name = "/host.json"

  static func read(state: String) throws -> RunningHost {
    try StableJSON.decode(
      RunningHost.self, from: [UInt8](try Data(contentsOf: URL(filePath: state + name))))
  }

  func write(state: String) throws {
    try Data(try StableJSON.encode(self)).write(to: URL(filePath: state + Self.name), options: .atomic)
  }

  static func remove(state: String) { try? FileManager.default.removeItem(atPath: state + name) }
}
