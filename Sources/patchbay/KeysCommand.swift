internal import ArgumentParser
internal import ConnectorModel
internal import Ports
internal import Runtime
internal import Secrets

/// `patchbay keys`: the keys of the HTTP API, on the files of a state directory.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Makes, lists and revokes keys of the HTTP API.",
    discussion: "Works on the state directory, whether a host runs on it or not.",
    subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key and prints it, this once.")
    @Option(name: .long, help: "Whose it is; made when there is none of that id.") var tenant = "default"
    @Option(
      name: .long,
      help: "What it may: read, publish, connect, operate; may be repeated (default: all but operate).")
    var scope: [String] = []
    @Option(name: .long, help: "A word for people.") var label = ""
    @OptionGroup var place: Place

    func run() async throws {
      let scopes = try self.scopes()
      try await place.open { keys in
        let (key, record) = try await keys.make(tenant: tenant, scopes: scopes, label: label)
        // The one place where a key is printed.
        let text = key.reveal { $0 }
        switch place.format {
        case .json: try Output.json(["id": record.id, "tenant": record.tenant, "key": text])
        case .human:
          Output.line(text)
          Output.error("key \(record.id) of tenant \(record.tenant); it is not shown again")
        }
      }
    }

    private func scopes() throws(CommandFailure) -> Set<APIKey.Scope> {
      if scope.isEmpty { return [.read, .publish, .connect] }
      var scopes: Set<APIKey.Scope> = []
      for name in scope {
        guard let scope = APIKey.Scope(rawValue: name) else {
          throw CommandFailure(
            sentence:
              "there is no scope \(name); there is \(APIKey.Scope.allCases.map(\.rawValue).joined(separator: ", "))",
            code: 2)
        }
        scopes.insert(scope)
      }
      return scopes
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists keys, never their text.")
    @Option(name: .long, help: "Only of this tenant.") var tenant: String?
    @OptionGroup var place: Place

    func run() async throws {
      try await place.open { keys in
        let rows: [JSONValue] = try await keys.list(tenant: tenant).map { key in
          [
            "id": .string(key.id), "tenant": .string(key.tenant), "label": .string(key.label),
            "scopes": .array(key.scopes.map(\.rawValue).sorted().map { .string($0) }),
            "revoked": .bool(key.revokedAt != nil),
          ]
        }
        switch place.format {
        case .json: try Output.json(rows)
        case .human:
          let names = ["id", "tenant", "scopes", "revoked", "label"]
          Output.table(
            names.map { $0.uppercased() }, rows.map { row in names.map { row[$0]?.cell ?? "-" } })
        }
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Revokes a key at once.")
    @Argument(help: "Its id: the 8 characters after pb_.") var id: String
    @OptionGroup var place: Place

    func run() async throws {
      try await place.open { keys in try await keys.revoke(id) }
      if place.format == .human { Output.line("revoked \(id)") }
    }
  }

  /// Where the keys are.
  struct Place: ParsableArguments {
    @Option(
      name: .long, help: "The state directory (default: $PATCHBAY_STATE, else ~/.local/state/patchbay).")
    var state: String?
    @Option(name: .long, help: "human or json.") var format = OutputFormat.human

    func open(_ body: (APIKeys) async throws -> Void) async throws {
      do {
        try await APIKeys.open(state: HostArguments.statePath(flag: state), body)
      } catch let error as RuntimeError {
        throw CommandFailure(sentence: error.description)
      } catch let error as StoreError {
        throw CommandFailure(sentence: error.description)
      }
    }
  }
}
