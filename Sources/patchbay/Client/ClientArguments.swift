internal import ArgumentParser
internal import ConnectorModel

/// Which host a command talks to, as whom, and how it prints.
struct ClientArguments: ParsableArguments {
  @OptionGroup var address: ClientAddress
  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  /// - Throws: `CommandFailure` when no host or no key is known.
  func client() throws -> APIClient { try address.client() }

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
