internal import ArgumentParser
internal import ConnectorModel
internal import Runtime
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay connections`: the accounts of the key's tenant.
struct ConnectionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connections", abstract: "Connects accounts on a running host, lists and removes them.",
    subcommands: [List.self, Show.self, Add.self, Check.self, Pause.self, Resume.self, Remove.self],
    defaultSubcommand: List.self)

  private static let members = [
    "connectionId", "platform", "state", "reason", "isPaused", "accountId", "accountName", "createdAt",
  ]

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the connections, newest first.")
    @Option(name: .long, help: "Only of this connector.") var platform: String?
    @Option(name: .long, help: "How many at most.") var limit = 100
    @OptionGroup var client: ClientArguments

    func run() async throws {
      let filter = platform.map { "?platform=\($0.queryEscaped)" } ?? ""
      try client.print(
        try await client.client().list("/api/connections" + filter, limit: limit),
        columns: [
          ("CONNECTION", "connectionId"), ("PLATFORM", "platform"), ("STATE", "state"),
          ("PAUSED", "isPaused"),
          ("ACCOUNT", "accountName"),
        ])
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows one connection.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws { try await one(client, "GET", "/api/connections/\(id.queryEscaped)") }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Connects an account by its key or token.",
      discussion: "The key comes from --key or PATCHBAY_KEY, a token from --token or PATCHBAY_TOKEN.")
    @Argument(help: "The connector's id.") var platform: String
    @Option(name: .long, help: "The account's API key.") var key: String?
    @Option(name: .long, help: "The account's OAuth access token.") var token: String?
    @OptionGroup var client: ClientArguments

    func run() async throws {
      var body: [String: JSONValue] = ["platform": .string(platform)]
      let credential = try PlatformCredential.read(key: key, token: token)
      // It goes to the host and nowhere else.
      body[credential.kind == .apiKey ? "apiKey" : "accessToken"] = .string(credential.secret.reveal { $0 })
      try await one(client, "POST", "/api/connections", .object(body))
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Asks the platform whether the account still answers.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws { try await one(client, "POST", "/api/connections/\(id.queryEscaped)/refresh") }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Holds the connection's jobs.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws { try await one(client, "POST", "/api/connections/\(id.queryEscaped)/pause") }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lets the connection's jobs go on.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws { try await one(client, "POST", "/api/connections/\(id.queryEscaped)/resume") }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Deletes the connection and its secrets.")
    @Argument(help: "Its id.") var id: String
    @Flag(name: .long, help: "Agree: its waiting jobs are cancelled.") var yes = false
    @OptionGroup var client: ClientArguments

    func run() async throws {
      guard yes else {
        throw CommandFailure(
          sentence: "removing \(id) deletes its secrets and cancels its jobs; say --yes if that is wanted",
          code: 2)
      }
      _ = try await client.client().send("DELETE", "/api/connections/\(id.queryEscaped)")
      if client.format == .human { Output.line("removed \(id)") }
    }
  }

  private static func one(
    _ client: ClientArguments, _ method: String, _ path: String, _ body: JSONValue? = nil
  )
    async throws
  {
    let answer = try await client.client().send(method, path, body)
    try client.print(answer) { for line in $0.lines(members) { Output.line(line) } }
  }
}
