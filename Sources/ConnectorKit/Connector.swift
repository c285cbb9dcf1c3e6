/// A connector: what it is called and what it can do.
///
///     public enum Acme: Connector {
///       public static let id = "acme"
///       public static let version = "1.0.0"
///       public static var operations: [Operation] {
///         Action("post.publish", publish)
///         Health(check)
///       }
///     }
///
/// It has no state of its own: what an operation needs is in its context, what must last goes through `kv`.
///
/// The library's C face is two lines more:
///
///     @c(patchbay_connector_entry_v1)
///     public func entry(_ minor: UInt16, _ report: UnsafePointer<patchbay_out>?) -> UnsafePointer<patchbay_connector>? {
///       unsafe ConnectorEntry.table(of: Acme.self, hostMinor: minor, report: report)
///     }
public protocol Connector: Sendable {
  /// As in the manifest.
  static var id: String { get }
  /// Semantic version, as in the manifest.
  static var version: String { get }
  /// Operations of one instance may overlap.
  ///
  /// True unless a connector says otherwise.
  static var allowsParallelOperations: Bool { get }

  /// What the connector can do, the same whatever its configuration.
  @OperationsBuilder static var operations: [Operation] { get }

  /// Refuses a configuration that no operation could work with.
  ///
  /// - Throws: `OperationError` with code `invalidInput` and a pointer.
  static func check(_ configuration: ConnectorConfiguration) throws
}

extension Connector {
  public static var allowsParallelOperations: Bool { true }

  public static func check(_ configuration: ConnectorConfiguration) throws {}
}

/// What the manifest says about the connector's surroundings.
public struct ConnectorConfiguration: Sendable {
  /// The platform's API version, from `api.version`.
  public let apiVersion: String
  /// The object under `config.values`, checked against `config.schema`; `null` when there is none.
  public let values: JSONValue

  public init(apiVersion: String = "", values: JSONValue = .null) {
    self.apiVersion = apiVersion
    self.values = values
  }

  /// Reads the JSON that `create` is given: `{"connector": …, "api": {"version"}, "config": …}`.
  init(json: [UInt8]) throws {
    let whole: JSONValue
    do {
      whole = try StableJSON.decode(JSONValue.self, from: json)
    } catch {
      throw OperationError(.invalidInput, "the configuration is not JSON")
    }
    apiVersion = whole["api"]?["version"]?.text ?? ""
    values = whole["config"] ?? .null
  }
}
