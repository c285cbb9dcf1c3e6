internal import ArgumentParser
internal import ConnectorModel

#if canImport(Glibc)
  internal import Glibc
#endif

/// `patchbay dlq`: jobs that did not end well, until somebody decides.
struct DeadLettersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlq", abstract: "Lists dead letters of a running host, retries and drops them.",
    subcommands: [List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists dead letters, newest first.")
    @Option(name: .long, help: "How many at most.") var limit = 50
    @OptionGroup var client: ClientArguments

    func run() async throws {
      try client.print(
        try await client.client().list("/api/dlq", limit: limit),
        columns: [
          ("DEAD LETTER", "deadLetterId"), ("JOB", "jobId"), ("REASON", "reason"), ("ERROR", "errorCode"),
          ("ATTEMPTS", "attempts"), ("CREATED", "createdAt"), ("MESSAGE", "errorMessage"),
        ])
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows one dead letter with its payload.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws {
      try client.print(try await client.client().send("GET", "/api/dlq/\(id.queryEscaped)")) { letter in
        let names = [
          "deadLetterId", "jobId", "reason", "errorCode", "errorMessage", "attempts", "lastAttemptAt",
          "createdAt",
          "payload",
        ]
        for line in letter.lines(names) { Output.line(line) }
      }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes new jobs of dead letters; what may have taken effect is looked for first.")
    @Argument(help: "Their ids.") var ids: [String] = []
    @Flag(name: .long, help: "All that wait.") var all = false
    @OptionGroup var client: ClientArguments

    func run() async throws {
      guard all != !ids.isEmpty else {
        throw CommandFailure(sentence: "name dead letters, or say --all", code: 2)
      }
      let client = try client.client()
      var jobs: [JSONValue] = []
      if all {
        jobs = try await client.send("POST", "/api/dlq/retry")["items"]?.elements ?? []
      }
      for id in ids { jobs.append(try await client.send("POST", "/api/dlq/\(id.queryEscaped)/retry")) }
      try self.client.print(jobs, columns: [("JOB", "jobId"), ("STATE", "state"), ("RETRY OF", "retryOf")])
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Drops dead letters.")
    @Argument(help: "Their ids.") var ids: [String]
    @OptionGroup var client: ClientArguments

    func run() async throws {
      let client = try client.client()
      for id in ids {
        _ = try await client.send("DELETE", "/api/dlq/\(id.queryEscaped)")
        if self.client.format == .human { Output.line("dropped \(id)") }
      }
    }
  }
}
