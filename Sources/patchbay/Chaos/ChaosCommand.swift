internal import ArgumentParser
internal import Runtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay chaos`: the proof that a kill loses nothing and posts nothing twice.
struct ChaosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract:
      "Kills a working host again and again, then compares what was asked with what the platform got.",
    discussion: """
      Starts a sandbox with faults and a host on it, both as children, publishes over many
      connections while the host is killed at random instants and started again, and while the
      connector's library is replaced under it, waits until everything has ended, and counts.
      Every fourth replacement is preceded by a broken file, which must change nothing.

      Exit codes: 0 nothing lost, nothing doubled, nothing unknown; 1 something was; 2 wrong usage.
      """,
    shouldDisplay: false)

  @Option(name: .long, help: "How much to publish.") var posts = 2_000
  @Option(name: .long, help: "How often the host is killed.") var kills = 100
  @Option(name: .long, help: "How often the connector's library is replaced.") var reloads = 0
  @Option(name: .long, help: "Over how many connections.") var connections = 20
  @Option(name: .long, help: "Where all chance comes from (default: random; it is printed).") var seed:
    UInt64?
  @Option(name: .long, help: "Where everything is kept (default: a new directory, removed at a good end).")
  var directory: String?
  @OptionGroup var host: HostArguments

  func validate() throws {
    guard posts > 0, kills >= 0, reloads >= 0, connections > 0 else {
      throw ValidationError(
        "--posts and --connections take a number from 1, --kills and --reloads one from 0")
    }
  }

  func run() async throws {
    let seed = seed ?? UInt64.random(in: 0 ... .max)
    let place = directory ?? "/tmp/patchbay-chaos-\(seed)"
    guard !FileManager.default.fileExists(atPath: place + "/host") else {
      throw CommandFailure(
        sentence: "\(place) holds an earlier run; remove it, or name another --directory", code: 2)
    }
    Output.error("chaos: seed \(seed), everything is kept in \(place)")
    let run = ChaosRun(
      posts: posts, kills: kills, reloads: reloads, connections: connections, seed: seed, directory: place,
      plugins: try host.options().plugins[0], manifests: host.manifests)
    let verdict = try await run.run()
    for line in verdict.table { Output.line(line) }
    guard verdict.isGood else { throw ExitCode(1) }
    if directory == nil { try? FileManager.default.removeItem(atPath: place) }
  }
}
