import ConnectorModel
import Manifest
import Operations
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// Connectors of one name in one process: two with the host's Swift runtime, two with one of their own each.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct PortableConnectorTests {
  private let count = #"{"shelves": \#(CatalogueShop.shelves)}"#

  private func run(
    _ name: String, on catalogue: HostedConnector, _ driver: OperationDriver, input: String = "{}"
  ) async -> OperationReport {
    await driver.run(
      OperationRequest(
        name: name, input: .json(Array(input.utf8)), connection: Connection(id: "con_1"), seed: 7),
      on: catalogue)
  }

  private func hosted(_ catalogue: LoadedCatalogue) -> HostedConnector {
    HostedConnector(instance: catalogue.instance, http: CatalogueShop(), limits: .standard)
  }

  private func driver(_ threads: TurnThreads) -> OperationDriver {
    OperationDriver(threads: threads, clock: ImpatientClock(), keyValues: MemoryKeyValueStore())
  }

  @Test func fourBuildsOfOneModuleGiveTheirOwnResultsUnderLoad() async throws {
    var catalogues: [LoadedCatalogue] = []
    for build in CatalogueBuild.all { catalogues.append(try await LoadedCatalogue.load(build)) }
    let threads = TurnThreads(count: 4)
    defer { threads.stop() }
    let driver = driver(threads)
    let hosts = catalogues.map { ($0.build, hosted($0)) }
    var results: [CatalogueBuild: [JSONValue]] = [:]
    await withTaskGroup(of: (CatalogueBuild, JSONValue).self) { group in
      for _ in 0..<50 {
        for (build, host) in hosts {
          group.addTask { [self] in
            let report = await run("catalogue.count", on: host, driver, input: count)
            guard case .succeeded(let payload) = report.outcome,
              let result = try? StableJSON.decode(JSONValue.self, from: payload.inlineBytes ?? [])
            else { return (build, .string("\(report.outcome)")) }
            return (build, result)
          }
        }
      }
      for await (build, result) in group { results[build, default: []].append(result) }
    }
    for build in CatalogueBuild.all {
      let expected = CatalogueShop.count(by: build.revision)
      #expect(results[build]?.count == 50, "\(build)")
      for result in Set(results[build] ?? []) { #expect(result == expected, "\(build)") }
    }
  }

  @Test(arguments: CatalogueBuild.all)
  func taskThatLeavesTheOperationIsNamed(_ build: CatalogueBuild) async throws {
    let catalogue = hosted(try await LoadedCatalogue.load(build))
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    for action in ["plain.task", "detached.task"] {
      let error = await run(action, on: catalogue, driver(threads)).error
      #expect(error?.code == .protocol, "\(build) \(action)")
      let message = error?.message ?? ""
      #expect(message.contains("T-3") && message.contains("Task.detached"), "\(build) \(action): \(message)")
    }
    // Only the operation fails.
    #expect(await run("catalogue.count", on: catalogue, driver(threads), input: count).error == nil)
  }

  @Test(arguments: CatalogueBuild.all)
  func sleepBehindTheHostsBackIsNamed(_ build: CatalogueBuild) async throws {
    let catalogue = hosted(try await LoadedCatalogue.load(build))
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let error = await run("plain.sleep", on: catalogue, driver(threads)).error
    #expect(error?.code == .protocol, "\(build)")
    #expect(error?.message.contains("use context.sleep") == true, "\(build): \(error?.message ?? "")")
  }

  @Test func runtimeOfAPortableBuildStartsNoThreadOfItsOwn() async throws {
    try await CatalogueBuild.prepareAll()
    // In a child process, where nothing but this test starts threads.
    await #expect(processExitsWith: .success) {
      try await CatalogueBuild.prepareAll()
      let builds = CatalogueBuild.Revision.allCases.map { CatalogueBuild(flavour: .portable, revision: $0) }
      let counts = try await NamedThread.run("patchbay-probe") { try SteppedCatalogue.newThreads(of: builds) }
      for (build, (clean, strayed)) in zip(builds, counts) {
        #expect(clean == 0, "\(build): its runtime started threads")
        // The counter-proof: work that leaves the operation wakes the pool, and this way of looking sees it.
        #expect(strayed > 0, "\(build)")
      }
    }
  }

  @Test(arguments: CatalogueBuild.all)
  func scriptTellsPortableFromShared(_ build: CatalogueBuild) async throws {
    try await CatalogueBuild.prepareAll()
    let script = try #require(Tool(named: "bash"))
    let code = try await NamedThread.run("portable-check") {
      script.run(["\(CatalogueBuild.root)/scripts/build-portable", "--check", build.path], log: "/dev/null")
    }
    #expect(code == (build.flavour == .portable ? 0 : 1), "\(build)")
  }

  @Test func portableBuildIsLoadedWithoutARemark() async throws {
    let catalogue = try await LoadedCatalogue.load(CatalogueBuild(flavour: .portable, revision: .first))
    #expect(catalogue.report.status == .loaded)
    #expect(catalogue.report.notes.filter { $0.contains("symbols") } == [])
    let image = try ELFImage(parsing: FileBytes.read(catalogue.build.path, maximum: 64 << 20))
    #expect(image.needed.allSatisfy { !LibraryCheck.isSwiftRuntime($0) })
  }
}
