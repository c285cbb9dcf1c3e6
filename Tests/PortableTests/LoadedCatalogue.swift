import FoundationEssentials
import Manifest
import Operations
import PluginLoader
import Ports
import Testing

/// A build of the catalogue, loaded through `PluginLoader` and the real `dlopen`.
struct LoadedCatalogue: Sendable {
  let build: CatalogueBuild
  let report: LoadReport.Entry
  let instance: any StepConnector

  /// Loads a private copy of its own.
  static func load(_ build: CatalogueBuild) async throws -> LoadedCatalogue {
    try await CatalogueBuild.prepareAll()
    return try await NamedThread.run("portable-load") { try LoadedCatalogue(blockingFor: build) }
  }

  /// Loads a build that has been prepared, on a thread that may block.
  init(blockingFor build: CatalogueBuild) throws {
    let state = "/tmp/patchbay-portable-\(UUID().uuidString)"
    // A mapped library needs no file.
    defer { try? FileManager.default.removeItem(atPath: state) }
    let loader = PluginLoader(searchPath: [], stateDirectory: state)
    let (connectors, report) = loader.load([Self.manifest(of: build)])
    let loaded = try #require(connectors.first, "\(report.entries.first?.reason ?? "")")
    self.build = build
    self.report = try #require(report.entries.first)
    instance = try loaded.makeInstance()
  }

  private static func manifest(of build: CatalogueBuild) -> Manifest {
    let actions = ["catalogue.count", "plain.task", "detached.task", "plain.sleep"]
    let action = Manifest.ActionDeclaration(
      input: nil, output: nil, effect: .read, retry: .safe, scopes: [])
    return Manifest(
      id: "catalogue", version: build.version,
      library: Manifest.Library(files: ["any": Manifest.Library.File(path: build.path)]),
      api: Manifest.API(version: "1"),
      actions: Dictionary(uniqueKeysWithValues: actions.map { ($0, action) }),
      path: "/manifests/catalogue.yaml")
  }
}
