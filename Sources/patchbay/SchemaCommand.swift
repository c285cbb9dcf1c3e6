internal import ArgumentParser
internal import Manifest

/// `patchbay schema`: the manifest's own JSON Schema, for editors.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of the manifest, so that editors complete and check it.",
    discussion: """
      With the YAML language server, put this on the first line of a manifest:

        # yaml-language-server: $schema=patchbay-manifest.schema.json
      """)

  func run() throws { Output.text(ManifestSchema.text()) }
}
