internal import ArgumentParser
internal import ConnectorModel

/// `patchbay analytics`: what a platform reported of a connection's posts and account.
struct AnalyticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analytics", abstract: "Shows what syncs brought: the latest record of each subject.",
    discussion: """
      With --subject it shows all records of that subject. A stream that was never read whole is unavailable, and says so \
      on standard error: what it lacks is not zero.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case human, json, csv }

  @Argument(help: "The connection's id.") var connection: String
  @Option(name: .long, help: "Only this stream.") var stream: String?
  @Option(name: .long, help: "Only this kind.") var kind: String?
  @Option(name: .long, help: "All records of this subject.") var subject: String?
  @Option(name: .long, help: "From this time, such as 2026-01-31T09:00:00Z.") var since: String?
  @Option(name: .long, help: "Before this time.") var until: String?
  @Option(name: .long, help: "How many at most.") var limit = 1000
  @Option(name: .long, help: "human, json or csv.") var format = Format.human
  @OptionGroup var address: ClientAddress

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit takes a number from 1") }
  }

  func run() async throws {
    let client = try address.client()
    let filters = [
      ("stream", stream), ("kind", kind), ("subject", subject), ("since", since), ("until", until),
    ].compactMap { name, value in value.map { "\(name)=\($0.queryEscaped)" } }
    let path = "/api/analytics/\(connection.queryEscaped)"
    let query = filters.isEmpty ? "" : "?" + filters.joined(separator: "&")
    // Before the records: a stream that is read in between is better than it says.
    let first = try await client.send("GET", path + query + (filters.isEmpty ? "?" : "&") + "limit=1")
    let streams = first["streams"]?.elements ?? []
    let records = try await client.list(path + query, limit: limit)
    if format == .json {
      return try Output.json(["streams": .array(streams), "items": .array(records)] as JSONValue)
    }
    for stream in streams where stream["state"]?.text != "current" {
      let why = stream["error"]?["message"]?.text.map { ": \($0)" } ?? ""
      Output.error("\(stream["stream"]?.cell ?? ""): \(stream["state"]?.cell ?? "")\(why)")
    }
    let table = AnalyticsTable(records)
    switch format {
    case .csv: Output.text(CSVText.text(table.header, table.rows))
    case .human, .json: Output.table(table.header.map { $0.uppercased() }, table.rows.map { $0.map(\.cell) })
    }
  }
}
