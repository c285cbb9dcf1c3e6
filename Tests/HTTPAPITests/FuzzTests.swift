import Foundation
import HTTPAPI
import Ports
import TestTools
import Testing

@Suite(.offThePool) struct FuzzTests {
  /// Few requests per operation; the real host is asked more, by the same script.
  @Test(.enabled(if: Fuzzer.isUsable, Fuzzer.reason))
  func descriptionHoldsAgainstAFuzzer() async throws {
    let python = try #require(Tool(path: Fuzzer.python), Fuzzer.reason)
    // Other tests may hold every thread for a while.
    let server = try await TestServer.start { $0.request = .seconds(300) }
    let scratch = ScratchDirectory()
    let url = server.address.url
    let result = try await NamedThread.run("fuzzer") {
      python.run(
        [Fuzzer.script, url, "--key", ScriptedService.everything, "--examples", "5"],
        output: scratch.file("output"))
    }
    #expect(result.code == 0, "\(result.printed)")
    #expect(server.records.count > 500, "\(result.printed)")
    #expect(!server.records.contains { $0.status >= 500 })
    try await server.stop()
  }
}

private enum Fuzzer {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let python = root.appending(path: ".build/venv/bin/python").path()
  static let script = root.appending(path: "Tests/HTTPAPITests/Python/fuzz.py").path()
  static let reason: Comment = "\(python) with schemathesis is missing: run scripts/dependencies --tests"

  static var isUsable: Bool { Tool(path: python) != nil || requiresAll }
}
