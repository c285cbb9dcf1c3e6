import ConnectorModel
import Foundation
import Sandbox
import TestTools
import Testing

@Suite(.offThePool) struct OfficialMailchimpClientTests {
  @Test(.enabled(if: PythonClient.isUsable, PythonClient.reason))
  func officialClientCompletesItsFlowsUnchanged()
    async throws
  {
    guard PythonClient.isInstalled else {
      Issue.record("\(PythonClient.reason.rawValue), and PATCHBAY_REQUIRE_ALL is set")
      return
    }
    let sandbox = try await TestSandbox.start()
    let result = try await PythonClient.run("mailchimp_client.py", on: sandbox)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("done in"), "\(result.output)")
    let state = try sandbox.running.state("mailchimp")
    #expect(state["sends"]?.elements?.count == 1)
    #expect(state["test_sends"]?.elements?.count == 1)
    await sandbox.stop()
  }

  @Test(
    .enabled(if: PythonClient.isUsable, PythonClient.reason),
    arguments: [
      "audiences", "library", "campaigns", "reports", "batches", "webhooks", "login", "faults",
    ])
  func officialClientGetsThroughEveryEndpointGroup(group: String) async throws {
    guard PythonClient.isInstalled else {
      Issue.record("\(PythonClient.reason.rawValue), and PATCHBAY_REQUIRE_ALL is set")
      return
    }
    let sandbox = try await TestSandbox.start()
    let result = try await PythonClient.run("mailchimp_\(group).py", on: sandbox)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("done in"), "\(result.output)")
    await sandbox.stop()
  }
}

/// The Python of the checkout's own virtual environment, and whether it has the official client.
enum PythonClient {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let python = root.appending(path: ".build/venv/bin/python").path()
  static let scripts = root.appending(path: "Tests/SandboxTests/Python").path()
  static let reason: Comment =
    "\(python) with mailchimp_marketing is missing: install mailchimp-marketing==3.0.80 there"

  static let isInstalled: Bool = {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", "import mailchimp_marketing"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Where everything is required, the test runs and fails instead of being skipped.
  static var isUsable: Bool {
    isInstalled || ProcessInfo.processInfo.environment["PATCHBAY_REQUIRE_ALL"] == "1"
  }

  /// Runs a script against a sandbox, for two minutes at most.
  static func run(
    _ script: String, on sandbox: TestSandbox
  ) async throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "timeout", "120", python, "-B", scripts + "/" + script,
      "http://127.0.0.1:\(sandbox.running.httpPort)",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    return try await withCheckedThrowingContinuation { continuation in
      // Reading blocks, so it has a thread of its own.
      let thread = Thread {
        do {
          try process.run()
          let output = pipe.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          continuation.resume(returning: (process.terminationStatus, String(decoding: output, as: UTF8.self)))
        } catch {
          continuation.resume(throwing: error)
        }
      }
      thread.start()
    }
  }
}
