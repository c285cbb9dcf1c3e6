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

  /// Returns when so many requests have arrived; false after 20 seconds without them.
  func received(_ count: Int) async -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while running.requests().count < count {
      guard ContinuousClock.now < end else { return false }
      await Task.yield()
    }
    return true
  }

  func stop() async {
    await running.stop()
    try? FileManager.default.removeItem(atPath: directory)
  }
}
