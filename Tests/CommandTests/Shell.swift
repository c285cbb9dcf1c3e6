import Foundation
import TestTools
import Testing

/// Runs scripts as an author at a terminal does: in a directory outside the repository, with the program on the `PATH`.
struct Shell {
  private let scratch = ScratchDirectory()

  var directory: String { scratch.path }

  func file(_ name: String) -> String { scratch.file(name) }

  func text(of name: String) -> String { String(decoding: readAll(file(name)), as: UTF8.self) }

  /// Runs `script` under bash, which stops at the first command that fails.
  ///
  /// - Returns: its exit code, 124 after `minutes`, and all that it printed.
  func run(_ script: String, minutes: Int = 8) throws -> (code: Int32, printed: String) {
    let process = Process()
    process.executableURL = URL(filePath: try #require(Tool(named: "timeout")).path)
    process.arguments = ["--kill-after=10", "\(minutes)m", "bash", "-euo", "pipefail", "-c", script]
    process.currentDirectoryURL = URL(filePath: directory)
    var environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("PATCHBAY_") && !$0.key.hasPrefix("MAKE") && $0.key != "MFLAGS"
    }
    environment["PATH"] = "\(Program.products.path):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["PATCHBAY_STATE"] = file("program-state")
    process.environment = environment
    writeAll([], to: file("printed"))
    let printed = try FileHandle(forWritingTo: URL(filePath: file("printed")))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = printed
    process.standardError = printed
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, text(of: "printed"))
  }
}
