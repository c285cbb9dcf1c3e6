import Foundation
import Testing

/// The real program, run as a child.
struct Program {
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// Standard output as one JSON object.
    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }

    /// Standard output as one JSON list of objects.
    var list: [[String: Any]] {
      (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [[String: Any]] ?? []
    }

    /// What a failure told, without the log's lines.
    var sentences: [String] {
      errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("{") }
    }
  }

  /// The directory of this test's own executable, where the program and the libraries are built too.
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  let state: URL

  /// With a state directory of its own.
  init() throws {
    state = FileManager.default.temporaryDirectory.appending(path: "patchbay-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: state) }

  func process(_ arguments: [String], environment: [String: String] = [:]) -> (
    Process, output: Pipe, errors: Pipe
  ) {
    let process = Process()
    process.executableURL = Self.products.appending(path: "patchbay")
    process.arguments = arguments
    process.currentDirectoryURL = Self.checkout
    var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PATCHBAY_") }
    inherited["PATCHBAY_STATE"] = state.path
    process.environment = inherited.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    return (process, output, errors)
  }

  /// Runs to the end; what is printed must fit into the pipes' buffers, 64 KiB each.
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
    try run(arguments, environment: environment)
  }

  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let (process, output, errors) = process(arguments, environment: environment)
    try process.run()
    let printed = output.rest()
    let complained = errors.rest()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: complained, as: UTF8.self))
  }

  /// The path of a file with this text.
  func file(_ text: String) throws -> String {
    let file = state.appending(path: "\(UUID().uuidString).json")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// `patchbay sandbox`, which answers already; whoever starts it terminates it.
  func sandbox() throws -> (process: Process, tls: String, authority: String, http: String) {
    let (process, output, _) = process(["sandbox", "--port", "0", "--tls-port", "0"])
    try process.run()
    let ready = try Self.readyLine(output)
    return (process, try #require(ready["tls"]), try #require(ready["ca"]), try #require(ready["http"]))
  }

  /// The line of JSON that says that a program is ready.
  static func readyLine(_ output: Pipe) throws -> [String: String] {
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.next()
      if more.isEmpty { break }
      line += more
    }
    return try #require(try JSONSerialization.jsonObject(with: line) as? [String: String])
  }
}

extension Pipe {
  /// What comes next, empty at the end; Foundation's own traps when a signal interrupts it.
  func next() -> Data {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(fileHandleForReading.fileDescriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      return Data(chunk.prefix(max(0, count)))
    }
  }

  func rest() -> Data {
    var all = Data()
    while true {
      let more = next()
      if more.isEmpty { return all }
      all += more
    }
  }
}
