internal import ArgumentParser
internal import Manifest
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay bench load`: a directory of many manifests, read and checked.
struct BenchLoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Reads a directory of many manifests with every check, their schemas included.",
    discussion: """
      The manifests are copies of one, each with an id, a library and schema files of its own;
      making them is not counted. --keep leaves them in a directory, for another program to read.
      """)

  @Option(name: .long, help: "How many manifests.") var count = 1_000
  @Option(name: .long, help: "The manifest that is copied (default: mailchimp.yaml of --manifests).")
  var of: String?
  @Option(name: .long, help: "How often; the median is told.") var runs = 3
  @Option(name: .long, help: "Makes the manifests in this directory, which must not exist, and leaves them.")
  var keep: String?
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human
  @OptionGroup var host: HostArguments

  struct Figures: Encodable {
    let manifests: Int
    let bytes: Int
    let milliseconds: Double
    let cpuMilliseconds: Double
    /// The most memory that the process ever had, less what it had before.
    let peakMiB: Int
  }

  func validate() throws {
    guard count > 0, runs > 0 else { throw ValidationError("--count and --runs take a number from 1") }
  }

  func run() async throws {
    let figures: Figures
    if let keep {
      figures = try await measure(in: keep)
    } else {
      figures = try await BenchDirectory.with { try await measure(in: $0 + "/manifests") }
    }
    switch format {
    case .json: try Output.json(figures)
    case .human:
      Output.line(
        "\(figures.manifests) manifests, \(figures.bytes / 1_024) KiB with their schemas: "
          + "\(Int(figures.milliseconds.rounded())) ms, \(Int(figures.cpuMilliseconds.rounded())) ms of CPU, "
          + "\(figures.peakMiB) MiB at the peak")
    }
  }

  private func measure(in directory: String) async throws -> Figures {
    let bytes = try ManifestCrowd.make(count, of: of ?? host.manifests + "/mailchimp.yaml", in: directory)
    let today = CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970))
    let before = ProcessFigures.residentBytes.now
    var took: [Double] = []
    var cpu: [Double] = []
    for _ in 0..<runs {
      let (began, cpuAtStart) = (ContinuousClock.now, ProcessFigures.cpuTime)
      let readings = try await NamedThread.run("patchbay-load") {
        ManifestDirectory.read([directory], today: today)
      }
      took.append((ContinuousClock.now - began) / .milliseconds(1))
      cpu.append((ProcessFigures.cpuTime - cpuAtStart) / .milliseconds(1))
      let bad = readings.first { $0.manifest == nil }
      guard readings.count == count, bad == nil else {
        throw CommandFailure(
          sentence: "\(readings.count) of \(count) were read; \(bad?.problems.first.map { "\($0)" } ?? "")")
      }
    }
    return Figures(
      manifests: count, bytes: bytes, milliseconds: Quantiles(took).p50, cpuMilliseconds: Quantiles(cpu).p50,
      peakMiB: (ProcessFigures.residentBytes.peak - before) >> 20)
  }
}
