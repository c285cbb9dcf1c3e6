internal import ArgumentParser
internal import Conformance
internal import ConnectorModel

/// `patchbay verify diff`: whether a new version says honestly how much has changed.
struct VerifyDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two versions of a connector and tells which version bump is due.",
    discussion: """
      Compares manifests and the schemas that they name; libraries by their content where
      both are found. No code is run.
      Exit codes: 0 the declared bump is honest, 1 it is too small, 2 wrong usage.
      """)

  @Argument(help: "The old manifest.") var old: String
  @Argument(help: "The new manifest.") var new: String
  @Option(name: .long, help: "Where the old library is.") var oldPlugins: String?
  @Option(name: .long, help: "Where the new library is.") var newPlugins: String?
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human

  func run() throws {
    let diff: ConnectorDiff
    do throws(TranscriptFault) {
      diff = try ConnectorDiff(
        old: Subject(manifestPath: old, plugins: oldPlugins.map { [$0] } ?? []),
        new: Subject(manifestPath: new, plugins: newPlugins.map { [$0] } ?? []))
    } catch {
      throw CommandFailure(sentence: error.what, code: 2)
    }
    switch format {
    case .human: Output.text(diff.text)
    case .json:
      let value = try StableJSON.decode(JSONValue.self, from: try StableJSON.encode(diff))
      guard case .object(var members) = value else { return }
      members["honest"] = .bool(diff.isHonest)
      try Output.json(JSONValue.object(members))
    }
    if !diff.isHonest { throw ExitCode(1) }
  }
}
