internal import ArgumentParser
internal import ConnectorModel

/// `patchbay jobs`: what a running host owes and has done.
struct JobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "Lists the jobs of a running host, shows and cancels them.",
    subcommands: [List.self, Show.self, Cancel.self, Reconcile.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists jobs, newest first.")
    @Option(name: .customLong("in"), help: "Only in this state, such as pending, held or dead.")
    var jobState: String?
    @Option(name: .long, help: "Only of this connection.") var connection: String?
    @Option(name: .long, help: "How many at most.") var limit = 50
    @OptionGroup var client: ClientArguments

    func run() async throws {
      let filters = [("state", jobState), ("connectionId", connection)].compactMap { name, value in
        value.map { "\(name)=\($0.queryEscaped)" }
      }
      let query = filters.isEmpty ? "" : "?" + filters.joined(separator: "&")
      try client.print(
        try await client.client().list("/api/jobs" + query, limit: limit),
        columns: [
          ("JOB", "jobId"), ("STATE", "state"), ("PLATFORM", "platform"), ("ACTION", "action"),
          ("ATTEMPTS", "attempts"), ("CREATED", "createdAt"), ("NOTE", "note"),
        ])
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one job with every attempt and where its time went.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws {
      try client.print(try await client.client().send("GET", "/api/jobs/\(id.queryEscaped)")) {
        JobsCommand.tell($0)
      }
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancels a job that has not ended.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws {
      try client.print(try await client.client().send("POST", "/api/jobs/\(id.queryEscaped)/cancel")) {
        JobsCommand.tell($0)
      }
    }
  }

  struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets the connector look whether an unknown job took effect; a held one goes on.")
    @Argument(help: "Its id.") var id: String
    @OptionGroup var client: ClientArguments

    func run() async throws {
      try client.print(try await client.client().send("POST", "/api/jobs/\(id.queryEscaped)/reconcile")) {
        JobsCommand.tell($0)
      }
    }
  }

  static func tell(_ job: JSONValue) {
    let names = [
      "jobId", "state", "note", "platform", "action", "connectionId", "idempotencyKey", "scheduledFor",
      "createdAt",
      "nextAttemptAt", "attempts", "retryOf", "result",
    ]
    for line in job.lines(names) { Output.line(line) }
    if let error = job["error"], error != .null {
      Output.line("error: \(error["message"]?.cell ?? "") (\(error["code"]?.cell ?? ""))")
      if let action = error["action"]?.text, !action.isEmpty { Output.line("  what to do: \(action)") }
    }
    for attempt in job["attemptsLog"]?.elements ?? [] {
      let times = attempt["timesMs"].map { "; ms: \($0.cell)" } ?? ""
      let error = attempt["error"].flatMap { $0["message"]?.text }.map { ": \($0)" } ?? ""
      Output.line(
        "attempt \(attempt["number"]?.cell ?? "?"): \(attempt["result"]?.cell ?? "")\(error), "
          + "\(attempt["requests"]?.cell ?? "0") requests\(times)")
    }
  }
}
