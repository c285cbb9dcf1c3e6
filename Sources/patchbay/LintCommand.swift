internal import ArgumentParser
internal import Manifest

/// `patchbay lint`: every problem of manifests at once.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Checks manifests and tells every problem with file, line, column and what to do.",
    discussion: "Exit codes: 0 no errors, 1 errors, 2 wrong usage. Warnings and notes do not fail.")

  @Argument(help: "Manifests, or directories of them.")
  var paths: [String]

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  func run() throws {
    let readings = ManifestDirectory.read(paths, today: .today)
    switch format {
    case .human: Output.text(ManifestLint.text(readings))
    case .json: Output.text(ManifestLint.json(readings))
    }
    let code = ManifestLint.exitCode(readings)
    if code != 0 { throw ExitCode(code) }
  }
}
