internal import ArgumentParser
internal import Conformance

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay verify replay`: one transcript against one library, turn by turn.
struct VerifyReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs one transcript in a confined process and prints each turn and each difference.",
    discussion: "Exit codes: 0 it goes as it is written, 1 it does not, 2 wrong usage.")

  @Argument(help: "The transcript.")
  var transcript: String

  @Option(
    name: .long,
    help: "The connector's manifest (default: for MANIFESTS/transcripts/ID/FILE, MANIFESTS/ID.yaml).")
  var manifest: String?

  @Option(
    name: .long, help: "A directory of connector libraries; again for more (default: the program's own).")
  var plugins: [String] = []

  @Option(name: .long, help: "What random choices are made from, where the transcript has no plan.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "Run this action, for a transcript of a client, which names none.")
  var action: String?

  @Option(name: .long, help: "A file with the action's input as JSON, instead of the transcript's.")
  var input: String?

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  func run() throws {
    let subject = Subject(
      manifestPath: try manifestPath(), plugins: plugins.isEmpty ? [VerifyProgram.folder] : plugins)
    let replay = Replay(program: VerifyProgram.path, subject: subject, seed: seed)
    let report: ReplayReport
    let given = try input.map(InputFile.read)
    do throws(TranscriptFault) {
      report = try replay.run(file: transcript, action: action, input: given)
    } catch {
      throw CommandFailure(sentence: error.what, code: 2)
    }
    switch format {
    case .human: Output.text(report.text)
    case .json: try Output.json(report)
    }
    if report.hasFailed { throw ExitCode(1) }
  }

  private func manifestPath() throws -> String {
    if let manifest { return manifest }
    let parts = transcript.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count >= 3, parts[parts.count - 3] == "transcripts" {
      let path = (parts.dropLast(3) + ["\(parts[parts.count - 2]).yaml"]).joined(separator: "/")
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw CommandFailure(
      sentence: "it is not plain whose transcript \(transcript) is; name the manifest with --manifest",
      code: 2)
  }
}
