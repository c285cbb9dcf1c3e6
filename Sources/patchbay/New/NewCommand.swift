internal import ArgumentParser

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay new`: a connector to start from.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes a connector that builds, passes verify and runs against an example, to start from.",
    discussion: """
      The directory gets a manifest with schemas and transcripts, the source with its
      tests, a Makefile, a README and a copy of the kit: nothing is fetched to build
      it. docs/authoring.md goes on from there.
      """)

  @Argument(help: "The connector's id: lower-case letters, digits and hyphens, such as acme.")
  var name: String

  @Option(name: .long, help: "swift, c or rust.")
  var language = StarterPackage.Language.swift

  @Option(
    name: .long,
    help: ArgumentHelp("Where it goes; empty or not there yet (default: ./NAME).", valueName: "dir"))
  var dir: String?

  func run() throws {
    let files = try StarterPackage(name: StarterName(name), language: language).files()
    let folder = dir ?? name
    try Self.write(files, to: folder)
    Output.text(
      """
      \(folder): the connector \(name) in \(language.words), \(files.count) files

        cd \(folder)
        make            # build
        make test
        make lint
        make verify     # against the rules of the interface
        make call       # publish the example on a platform that a transcript plays

      README.md tells what is where.

      """)
  }

  private static func write(_ files: [StarterFiles.File], to folder: String) throws(CommandFailure) {
    let disk = FileManager.default
    if disk.fileExists(atPath: folder) {
      guard let inside = try? disk.contentsOfDirectory(atPath: folder), inside.isEmpty else {
        throw CommandFailure(
          sentence: "\(folder) is there already and not an empty directory; name another with --dir", code: 2)
      }
    }
    for file in files {
      let path = URL(filePath: folder).appending(path: file.path)
      do {
        try disk.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: path)
      } catch {
        throw CommandFailure(
          sentence: "\(path.path) cannot be written; see that there is room and that you may write there")
      }
    }
  }
}

extension StarterPackage.Language: ExpressibleByArgument {
  fileprivate var words: String {
    switch self {
    case .swift: "Swift"
    case .c: "C"
    case .rust: "Rust"
    }
  }
}
