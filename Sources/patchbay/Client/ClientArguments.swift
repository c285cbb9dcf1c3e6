internal import ArgumentParser
internal import ConnectorModel
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Which host a command talks to, and as whom.
struct ClientArguments: ParsableArguments {
  @Option(name: .long, help: "The host (default: $PATCHBAY_URL, else the one of the state directory).")
  var url: String?

  @Option(
    name: .long, help: "The API key (default: $PATCHBAY_API_KEY, which keeps it out of the process list).")
  var apiKey: String?

  @Option(name: .long, help: "The authority that signed the host's certificate, as a PEM file.")
  var ca: String?

  @Option(name: .long, help: "The state directory (default: $PATCHBAY_STATE, else ~/.local/state/patchbay).")
  var state: String?

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  /// - Throws: `CommandFailure` when no host or no key is known.
  func client() throws -> APIClient {
    let environment = ProcessInfo.processInfo.environment
    let running = try? RunningHost.read(state: HostArguments.statePath(flag: state))
    guard let url = url ?? environment["PATCHBAY_URL"] ?? running?.url else {
      throw CommandFailure(
        sentence:
          "no host runs on this state directory; start one with `patchbay serve`, or name one with --url")
    }
    guard let key = apiKey ?? environment["PATCHBAY_API_KEY"], !key.isEmpty else {
      throw CommandFailure(
        sentence:
          "no API key: set PATCHBAY_API_KEY, or pass --api-key; `patchbay keys create` makes one", code: 2)
    }
    return try APIClient(
      url: url, key: Secret(key), authority: ca ?? (running?.url == url ? running?.ca : nil))
  }

  /// Prints one answer: as it is, or what `human` makes of it.
  func print(_ value: JSONValue, _ human: (JSONValue) -> Void) throws {
    switch format {
    case .json: try Output.json(value)
    case .human: human(value)
    }
  }

  /// Prints a list as a table of these members.
  func print(_ items: [JSONValue], columns: [(title: String, member: String)]) throws {
    switch format {
    case .json: try Output.json(items)
    case .human:
      Output.table(
        columns.map(\.title), items.map { item in columns.map { item[$0.member]?.cell ?? "-" } })
    }
  }
}

extension JSONValue {
  /// For a cell of a table.
  var cell: String {
    switch self {
    case .null: "-"
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .string(let value): value.isEmpty ? "-" : value.printable
    case .array(let elements): elements.map(\.cell).joined(separator: ",")
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.cell)" }
        .joined(separator: " ")
    }
  }

  /// An object as lines of name and value.
  func lines(_ names: [String]) -> [String] {
    let width = names.map(\.count).max() ?? 0
    return names.compactMap { name in
      guard let value = self[name], value != .null, value != "" else { return nil }
      return name + String(repeating: " ", count: width - name.count) + "  " + value.cell
    }
  }
}
