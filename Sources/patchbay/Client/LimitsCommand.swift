internal import ArgumentParser
internal import ConnectorModel
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// `patchbay limits`: what every limit of a running host allows now.
struct LimitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Shows every bucket of a running host as it is now, and the circuit of every host.",
    discussion: """
      An account's buckets are shown under the connections of your tenant; those
      of scope app are shared by all tenants and show totals only.
      """)

  @Option(name: .long, help: "Only of this connector.") var connector: String?
  @Flag(name: .long, help: "Show them again every second, until Ctrl-C.") var watch = false
  @OptionGroup var client: ClientArguments

  func run() async throws {
    let client = try client.client()
    let path = "/api/limits" + (connector.map { "?connector=\($0.queryEscaped)" } ?? "")
    let clock = SystemClock()
    let clearsScreen = watch && self.client.format == .human && isatty(STDOUT_FILENO) == 1
    repeat {
      let overview = try await client.send("GET", path)
      if clearsScreen { Output.text("\u{1B}[H\u{1B}[2J") }
      try self.client.print(overview, Self.tell)
      if watch { try await clock.sleep(for: .seconds(1)) }
    } while watch
  }

  private static func tell(_ overview: JSONValue) {
    let limits = overview["limits"]?.elements ?? []
    Output.table(
      [
        "CONNECTOR", "BUCKET", "SCOPE", "FOR", "RULE", "USED", "LIMIT", "LEFT", "WINDOW", "RESETS IN",
        "NEXT IN", "IN FLIGHT", "WAITING", "SOURCE",
      ], limits.map(row))
    for limit in limits {
      guard let reason = limit["reason"]?.text, !reason.isEmpty else { continue }
      Output.line("\(limit["connector"]?.cell ?? "") \(limit["bucket"]?.cell ?? ""): \(reason)")
    }
    let circuits = overview["circuits"]?.elements ?? []
    guard !circuits.isEmpty else { return }
    Output.line("")
    Output.table(
      ["CONNECTOR", "HOST", "CIRCUIT", "FAILURES", "PROBES IN"],
      circuits.map { circuit in
        ["connector", "host", "state", "failures"].map { circuit[$0]?.cell ?? "-" }
          + [time(circuit["probesInMs"])]
      })
  }

  private static func row(_ limit: JSONValue) -> [String] {
    func cell(_ name: String) -> String { limit[name]?.cell ?? "-" }
    let unit = cell("rule") == "usage" ? "%" : ""
    // What may be at best, and after refusals what may be now.
    let best = cell("limit")
    let isLessThanBest = cell("source") == "adaptive" && best != "-"
    let bound = isLessThanBest ? "\(cell("allowed")) of \(best)" : cell("allowed")
    let waiting = limit["waiting"]
    let publishing = waiting?["publishing"]?.cell ?? "0"
    let syncing = waiting?["syncing"]?.cell ?? "0"
    return [
      cell("connector"), cell("bucket"), cell("scope"), holder(of: limit), cell("rule"), cell("used") + unit,
      bound == "-" ? best : bound + unit, cell("remaining"), time(limit["windowMs"]),
      time(limit["resetsInMs"]),
      time(limit["nextInMs"]), cell("inFlight"), "\(publishing) publish, \(syncing) sync", cell("source"),
    ]
  }

  private static func holder(of limit: JSONValue) -> String {
    guard let ids = limit["connections"]?.elements else { return "all tenants" }
    let names = ids.prefix(2).map(\.cell).joined(separator: ",")
    let more = ids.count > 2 ? " and \(ids.count - 2) more" : ""
    let endpoint = limit["endpoint"]?.text.map { " at \($0)" } ?? ""
    return ids.isEmpty ? "-" : names + more + endpoint
  }

  private static func time(_ value: JSONValue?) -> String {
    guard case .integer(let milliseconds) = value else { return "-" }
    return Duration.milliseconds(milliseconds).words
  }
}
