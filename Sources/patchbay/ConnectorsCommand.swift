internal import ArgumentParser
internal import PluginLoader
internal import Runtime

/// `patchbay connectors`: what was found, what was loaded, and why not.
struct ConnectorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connectors",
    abstract: "Loads the connectors of a manifest directory and prints the load report.",
    discussion: "Exit codes: 0 all loaded, 1 some were refused, 2 wrong usage.")

  @Argument(help: "The directory of manifests.")
  var directory: String?

  @OptionGroup var host: HostArguments

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  func run() async throws {
    var options = try host.options()
    if let directory { options.manifests = [directory] }
    let host = try await HostArguments.open(options)
    let report = host.loadReport
    await host.stop()
    switch format {
    case .json: try Output.json(report)
    case .human: print(report)
    }
    if report.entries.contains(where: { $0.status == .refused }) { throw ExitCode(1) }
  }

  private func print(_ report: LoadReport) {
    Output.table(
      ["CONNECTOR", "VERSION", "STATUS", "ABI", "LIBRARY"],
      report.entries.map { entry in
        [entry.id, entry.version, entry.status.rawValue, entry.abi ?? "-", entry.library ?? "-"]
      })
    for entry in report.entries {
      if let reason = entry.reason { Output.line("\n\(entry.id): \(reason)") }
      for difference in entry.differences { Output.line("  differs: \(difference)") }
      if entry.status == .refused {
        for attempt in entry.attempts { Output.line("  tried \(attempt.path): \(attempt.result)") }
      }
      for note in entry.notes { Output.line("  note: \(note)") }
    }
  }
}
