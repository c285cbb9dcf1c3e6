internal import ConnectorModel
internal import Ports
internal import Runtime

extension ConnectorStatus {
  static let schema = Schema.object([
    ("id", .text), ("version", .text), ("state", .choice(of: State.allCases.map(\.rawValue))),
    (
      "reason",
      .text.described(
        "Why it is not simply ready, in full for keys with the scope `operate`; empty when it is.")
    ),
    ("manifest", Schema.text.orNull.described("Its path, for keys with the scope `operate`.")),
    ("library", Schema.text.orNull.described("Its path, for keys with the scope `operate`.")),
    ("sha256", .text.described("Of the library; empty when none is loaded.")),
    ("generation", .integer().described("Counts the libraries loaded for it since the host began.")),
    ("draining", .integer().described("Replaced generations on which operations are still under way.")),
  ]).named("Connector")

  /// Where files lie is nothing that tenants need to know.
  func json(for principal: Principal) -> JSONValue {
    let showsPaths = principal.scopes.contains(.operate)
    return [
      "id": .string(id), "version": .string(version), "state": .string(state.rawValue),
      "reason": .string(showsPaths ? reason : state.words),
      "manifest": JSONValue(showsPaths ? manifest : nil),
      "library": JSONValue(showsPaths ? library : nil), "sha256": .string(sha256),
      "generation": JSONValue(count: generation), "draining": JSONValue(count: draining),
    ]
  }
}

extension ConnectorStatus.State {
  /// For tenants, who need not know where files lie.
  fileprivate var words: String {
    switch self {
    case .ready: ""
    case .stale: "a newer version was refused; this one goes on"
    case .paused: "it is paused"
    case .failed: "it takes no work; whoever runs the host sees why"
    }
  }
}
