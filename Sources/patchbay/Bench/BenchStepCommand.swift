internal import ArgumentParser
internal import Ports

/// `patchbay bench step`: what a turn costs, and an operation that waits.
struct BenchStepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract:
      "Turns of a connector in its library: nanoseconds each; bytes of an operation in flight; threads.",
    discussion: """
      A turn is one call into the library, begin or resume, through the C interface (and the kit,
      unless --library is one in C, as scripts/bench-peers/bare.c), with one request pushed and its
      answer delivered or a result pushed; `end` is counted in.
      The driver's turn has everything around it: machine, threads, timers, limits.
      """)

  @Option(name: .long, help: "How many turns.") var turns = 400_000
  @Option(name: .long, help: "How many operations in flight.") var inFlight = 100_000
  @Option(name: .long, help: "The library, by its path: the one of Plugins/Bench, or one that does the same.")
  var library = BenchConnector.library
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human
  @OptionGroup var host: HostArguments

  struct Figures: Encodable {
    let nanosecondsPerTurn: Double
    /// Where an operation has two turns, so that half of each is its beginning and its end.
    let nanosecondsPerTurnOfTwo: Double
    let driver: DriverBench.TurnFigures
    let inFlight: DriverBench.FlightFigures
  }

  func validate() throws {
    guard turns > 0, inFlight > 0 else {
      throw ValidationError("--turns and --in-flight take a number from 1")
    }
  }

  func run() async throws {
    let figures = try await BenchDirectory.with { try await measure(state: $0) }
    switch format {
    case .json: try Output.json(figures)
    case .human:
      Output.line(
        "\(Int(figures.nanosecondsPerTurn.rounded())) ns a turn, "
          + "\(Int(figures.nanosecondsPerTurnOfTwo.rounded())) ns where an operation has but two")
      Output.line(
        "\(Int(figures.driver.nanosecondsPerTurn.rounded())) ns a turn under the driver, "
          + "\(Int(figures.driver.cpuNanosecondsPerTurn.rounded())) ns of CPU")
      Output.line(
        "\(figures.inFlight.operations) in flight: \(figures.inFlight.residentBytesEach) bytes each, "
          + "\(figures.inFlight.threads) threads")
    }
  }

  private func measure(state: String) async throws -> Figures {
    let plugins = host.pluginDirectory
    let (turns, library) = (turns, library)
    let (instance, nanoseconds, ofTwo) = try await NamedThread.run("patchbay-load") {
      let instance = try BenchConnector.load(library, searchPath: plugins, state: state)
      let bench = TurnBench(instance: instance)
      return (
        instance, try bench.run(turns: turns, requests: 16).p50, try bench.run(turns: turns, requests: 1).p50
      )
    }
    let driver = DriverBench(instance: instance)
    return Figures(
      nanosecondsPerTurn: nanoseconds, nanosecondsPerTurnOfTwo: ofTwo,
      driver: try await driver.turns(operations: max(20, turns / 8)),
      inFlight: try await driver.inFlight(inFlight))
  }
}
