internal import ArgumentParser
internal import Conformance
internal import Manifest
internal import PluginLoader
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay verify`: whether the host can trust a connector, and which rule is broken where not.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Tests connectors against the numbered rules of docs/abi.md, each case in a process of its own.",
    usage: """
      patchbay verify MANIFEST|DIR... [--level LEVEL] [--only RULE] [--format FORMAT] [--seed N]
      patchbay verify <subcommand>
      """,
    discussion: """
      `patchbay verify run --help` tells all options of the run itself, which needs no `run`.
      Exit codes: 0 all passed, 1 a case failed, crashed or timed out, 2 wrong usage.
      Transcripts beside the manifest (transcripts/ID/*.json) are what operations are
      tested with; docs/conformance.md says how they are written.
      """,
    subcommands: [
      VerifyRunCommand.self, VerifyListCommand.self, VerifyExplainCommand.self, VerifyReplayCommand.self,
      VerifyRecordCommand.self, VerifyFuzzCommand.self, VerifyDiffCommand.self, VerifyAttestCommand.self,
    ],
    defaultSubcommand: VerifyRunCommand.self)
}

/// The run itself, which needs no name of its own.
struct VerifyRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs the cases.")

  @Argument(help: "Manifests, or directories of them.")
  var paths: [String]

  @Option(
    name: .long, help: "A directory of connector libraries; again for more (default: the program's own).")
  var plugins: [String] = []

  @Option(name: .long, help: "bronze, silver or gold.")
  var level = ConformanceCase.Level.gold

  @Option(name: .long, help: "A case, a category or a rule, such as G1, G or S-1; again for more.")
  var only: [String] = []

  @Option(name: .long, help: "human, json, junit, tap or sarif.")
  var format = ReportFormat.human

  @Option(name: .long, help: "What random choices are made from.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "How many cases run side by side.")
  var jobs = 2

  @Option(name: .long, help: "Seconds that a case may take at most (default: each case's own).")
  var seconds: Int?

  @Flag(name: .long, help: "Stop at the first case that fails.")
  var failFast = false

  @Flag(name: .long, help: "Print failed cases only.")
  var onlyFailed = false

  @Flag(
    name: .long,
    help: "Run the cases in this process, for a debugger: nothing is confined, and a crash ends the run.")
  var inProcess = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Sign the report of each connector that fails nothing, with this Ed25519 key (PEM).", valueName: "KEY"))
  var attest: String?

  @Option(name: .long, help: "Where ID.attestation.json goes (default: beside the manifest).")
  var attestations: String?

  @Option(name: .customLong("case"), help: .hidden)
  var child: String?

  @Option(name: .long, help: .hidden)
  var scratch: String?

  @Option(name: .long, help: .hidden)
  var soundManifest: String?

  func validate() throws {
    guard attest == nil || (only.isEmpty && !failFast && seconds == nil && !inProcess) else {
      throw ValidationError(
        "--attest signs whole runs: it goes with neither --only, --fail-fast, --seconds nor --in-process")
    }
    guard jobs > 0, seconds ?? 1 > 0 else {
      throw ValidationError("--jobs and --seconds take a number from 1")
    }
  }

  func run() throws {
    if let child, let scratch {
      CaseChild.run(
        caseID: child,
        subject: Subject(manifestPath: paths[0], plugins: plugins, soundManifest: soundManifest),
        seed: seed, scratch: scratch)
    }
    guard !CaseRegistry.select(level: level, only: only).isEmpty else {
      throw CommandFailure(
        sentence: "no case of level \(level.rawValue) is called or is about \(only.joined(separator: ", ")); "
          + "see `patchbay verify list`", code: 2)
    }
    let key = try attest.map(KeyFile.read)
    let today = CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970))
    let readings = ManifestDirectory.read(paths, today: today)
    let runner = ConformanceRunner(
      .init(
        program: VerifyProgram.path, level: level, only: only, seed: seed, width: jobs,
        stopsAtFailure: failFast,
        maximumSeconds: seconds, isInProcess: inProcess))
    let reports = readings.map { reading in
      let subject = Subject(
        manifestPath: reading.file, plugins: plugins.isEmpty ? [VerifyProgram.folder] : plugins,
        known: reading.manifest)
      return runner.run(subject, observe: Progress(of: reading.file).tell)
    }
    let shown = reports.map { report in
      guard onlyFailed else { return report }
      var failed = report
      failed.results = report.results.filter(\.hasFailed)
      return failed
    }
    Output.text(format.print(shown))
    if let key { try reports.forEach { try sign($0, with: key) } }
    if reports.contains(where: \.hasFailed) { throw ExitCode(1) }
  }

  private func sign(_ report: RunReport, with key: Ed25519PrivateKey) throws(CommandFailure) {
    guard !report.hasFailed, let statement = report.statement else {
      return Output.error("patchbay: \(report.connector) is not attested: a case failed")
    }
    let folder =
      attestations ?? report.manifest.lastIndex(of: "/").map { String(report.manifest[..<$0]) } ?? "."
    let path = "\(folder)/\(report.connector).attestation.json"
    do {
      let attestation = try Attestation(signing: statement, with: key)
      try Data(attestation.file).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandFailure(sentence: "\(path) cannot be made: \(error)")
    }
    Output.error(
      "patchbay: \(path) attests \(report.connector) \(report.version) at \(report.level.rawValue)")
  }

  /// A line that says how far a run is, on a terminal only.
  private final class Progress: Sendable {
    private let path: String
    private let done = Atomic(0)
    private let isShown = isatty(STDERR_FILENO) == 1

    init(of path: String) { self.path = path }

    @Sendable func tell(_ result: CaseResult) {
      let count = done.add(1, ordering: .relaxed).newValue
      if isShown { Output.error("\(path): \(count) done, \(result.id) \(result.verdict.rawValue)") }
    }
  }
}

extension ConformanceCase.Level: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
