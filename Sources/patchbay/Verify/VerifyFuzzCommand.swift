internal import ArgumentParser
internal import Conformance

#if canImport(Glibc)
  internal import Glibc
#endif

/// `patchbay verify fuzz`: inputs, answers, orders and configurations that nobody wrote down.
struct VerifyFuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Changes inputs, answers, orders and configurations until a rule breaks, and makes that small.",
    discussion: """
      Starts from the schemas and the transcripts beside the manifest; docs/conformance.md.
      Exit codes: 0 nothing found, 1 something, 2 wrong usage.
      """)

  @Argument(help: "The manifest.")
  var manifest: String

  @Option(
    name: .long, help: "A directory of connector libraries; again for more (default: the program's own).")
  var plugins: [String] = []

  @Option(name: .long, help: "How long, such as 30s or 5m.")
  var duration: TimeSpan?

  @Option(name: .long, help: "How many iterations (default: 1000, where no --duration is given).")
  var iterations: Int?

  @Option(name: .long, help: "What everything is drawn from.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "input, response, events or config; again for more (default: all).")
  var only: [FuzzKind] = []

  @Option(name: .long, help: "A directory for transcripts of what is found.")
  var save: String?

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  func validate() throws {
    guard iterations ?? 1 > 0 else { throw ValidationError("--iterations takes a number from 1") }
  }

  func run() throws {
    let subject = Subject(
      manifestPath: manifest, plugins: plugins.isEmpty ? [VerifyProgram.folder] : plugins)
    let run = FuzzRun(
      .init(
        program: VerifyProgram.path, kinds: only, seed: seed, iterations: iterations,
        duration: duration?.duration, folder: save), subject: subject)
    let isShown = isatty(STDERR_FILENO) == 1
    let report: FuzzReport
    do throws(TranscriptFault) {
      report = try run.run { count in
        if isShown { Output.error("\(manifest): \(count) iterations") }
      }
    } catch {
      throw CommandFailure(sentence: error.what, code: 2)
    }
    switch format {
    case .human: Output.text(report.text)
    case .json: try Output.json(report)
    }
    if !report.findings.isEmpty { throw ExitCode(1) }
  }
}

/// `30s`, `5m` or `1h`.
struct TimeSpan: ExpressibleByArgument {
  var duration: Duration

  init?(argument: String) {
    guard let unit = ["s": 1, "m": 60, "h": 3_600][argument.suffix(1)], let count = Int(argument.dropLast()),
      (1...100_000).contains(count)
    else { return nil }
    duration = .seconds(count * unit)
  }
}

extension FuzzKind: ExpressibleByArgument {}
