internal import ArgumentParser
internal import ConnectorModel

/// `patchbay sync`: reads what a platform reports of connected accounts.
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Has streams of a running host read now, and watches them.",
    discussion: """
      Without a connection it means all connections, without a stream all streams. A running host reads them by \
      itself as often as the manifest says; --show tells how far it is and starts nothing. With --wait the command \
      ends when the runs have.

      Exit codes: 0 started (with --wait: read whole), 1 refused or failed, 2 wrong usage.
      """)

  @Argument(help: "The connection's id.") var connection: String?
  @Argument(help: "The stream's name.") var stream: String?
  @Flag(name: .long, help: "Wait until the runs have ended.") var wait = false
  @Flag(name: .long, help: "Show how far the streams are, and start nothing.") var show = false
  @Option(name: .long, help: "Seconds to wait at most.") var timeout = 3600
  @OptionGroup var client: ClientArguments

  func validate() throws {
    guard !(wait && show) else { throw ValidationError("--wait starts something and --show does not") }
    guard timeout > 0 else { throw ValidationError("--timeout takes a number from 1") }
  }

  func run() async throws {
    let client = try client.client()
    let found = try await streams(client)
    if show { return try tell(found) }
    guard !found.isEmpty else {
      throw CommandFailure(
        sentence: "there is no stream to read: no connected account's connector declares one")
    }
    let watch = SyncWatch(client: client, timeout: .seconds(timeout))
    var runs: [SyncWatch.Run] = []
    for sync in found { runs.append(try await watch.start(sync)) }
    guard wait else { return try tell(runs.map(\.sync)) }
    let ended = try await watch.end(of: runs)
    try tell(ended)
    guard ended.allSatisfy({ $0["error"] == .null && $0["isPaused"] == false }) else { throw ExitCode(1) }
  }

  private func streams(_ client: APIClient) async throws -> [JSONValue] {
    var ids: [String] = []
    if let connection {
      ids = [connection]
    } else {
      // What is paused has nothing to start; it is shown.
      ids = try await client.list("/api/connections", limit: 10_000)
        .filter { show || $0["isPaused"] == false }.compactMap { $0["connectionId"]?.text }
    }
    var found: [JSONValue] = []
    for id in ids {
      let items =
        try await client.send("GET", "/api/connections/\(id.queryEscaped)/syncs")["items"]?.elements ?? []
      // Of all connections only those that can run; a connection that somebody named is asked, and says why not.
      found += items.filter { connection != nil || show || $0["isPaused"] == false }
    }
    guard let stream else { return found }
    let named = found.filter { $0["stream"]?.text == stream }
    if named.isEmpty {
      let known = found.compactMap { $0["stream"]?.text }.joined(separator: ", ")
      throw CommandFailure(
        sentence: "there is no stream \(stream); " + (known.isEmpty ? "there is none" : "there is \(known)"))
    }
    return named
  }

  private func tell(_ syncs: [JSONValue]) throws {
    try client.print(
      syncs,
      columns: [
        ("CONNECTION", "connectionId"), ("STREAM", "stream"), ("STATE", "state"), ("RUNNING", "isRunning"),
        ("PAUSED", "isPaused"), ("RECORDS", "records"), ("COVERED UNTIL", "coveredUntil"),
        ("NEXT", "nextRunAt"),
        ("ERROR", "error"),
      ])
  }
}
