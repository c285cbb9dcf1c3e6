import ConnectorModel
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// Connectors written in Swift, over the host's own runtime and over one of their own.
@Suite(.offThePool, .needsClang, .serialized) struct SwiftConnectorTests {
  private func build(_ flags: [String]) throws -> ScratchDirectory {
    let scratch = ScratchDirectory()
    let swiftc = try #require(Tool(named: "swiftc"))
    let arguments =
      ["-emit-library", "-parse-as-library", "-swift-version", "6", "-module-name", "Foreign"]
      + ["-import-objc-header", "\(Fixture.include)/patchbay.h", "\(Fixture.folder)/foreign.swift"]
      + ["-o", scratch.file("libecho.so")] + flags
    let (code, printed) = swiftc.run(arguments, output: scratch.file("log"))
    try #require(code == 0, "\(printed)")
    return scratch
  }

  @Test func taskStartedInsideATurnIsNamed() throws {
    let open = try OpenConnector(in: build([]))
    let (operation, pushed) = open.begin("tasks")
    #expect(operation == nil && pushed.result == "{}")
    #expect(pushed.violations.map(\.rule) == ["T-3"])
    #expect(pushed.violations.first?.what.contains("Task.detached") == true)
    #expect(open.begin("quiet one").pushed.violations == [])
  }

  @Test func libraryThatCarriesItsOwnRuntimeRunsBesideTheHosts() throws {
    let open = try OpenConnector(in: build(["-static-stdlib"]))
    #expect(open.begin("quiet one").pushed.result == "{}")
    #expect(try ELFImage(parsing: readAll(open.loaded.copy.path)).needed.allSatisfy { !$0.contains("swift") })
  }
}
