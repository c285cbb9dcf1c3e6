import Foundation
import Sandbox

/// A sandbox on free ports with a state directory of its own.
struct TestSandbox {
  let running: RunningSandbox
  let directory: String

  static func start() async throws -> TestSandbox {
    let directory = FileManager.default.temporaryDirectory.path() + "/patchbay-sandbox-\(UUID().uuidString)"
    return TestSandbox(
      running: try await Sandbox.start(SandboxOptions(stateDirectory: directory, seed: 7)),
      directory: directory)
  }

  func stop() async {
    await running.stop()
    try? FileManager.default.removeItem(atPath: directory)
  }
}
