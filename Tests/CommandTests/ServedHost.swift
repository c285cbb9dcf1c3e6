import Foundation
import TestTools
import Testing

/// `patchbay serve` as a child that answers already.
struct ServedHost {
  let program: Program
  let process: Process
  let ready: [String: String]
  private let log: Pipe

  var url: String { ready["url"] ?? "" }
  /// What commands need to talk to it.
  var environment: [String: String]

  /// Starts one on a free port of the program's state directory; over plain HTTP unless told otherwise.
  ///
  /// - Parameters:
  ///   - key: of an earlier start; nil: the first start tells one.
  ///   - sandbox: arguments that name a sandbox; one in its process otherwise.
  static func start(
    _ program: Program, _ more: [String] = ["--http"], key: String? = nil, manifests: String = "manifests",
    sandbox: [String] = ["--sandbox"]
  ) throws -> ServedHost {
    let (process, output, errors) = program.process(
      ["serve", manifests, "--port", "0"] + sandbox + more)
    try process.run()
    let ready: [String: String]
    do {
      ready = try Program.readyLine(output)
    } catch {
      process.terminate()
      Issue.record("\(String(decoding: errors.rest(), as: UTF8.self))")
      throw error
    }
    let known = try #require(key ?? ready["key"])
    return ServedHost(
      program: program, process: process, ready: ready, log: errors,
      environment: ["PATCHBAY_API_KEY": known])
  }

  var key: String { environment["PATCHBAY_API_KEY"] ?? "" }

  /// Runs a command as a client of this host.
  func run(_ arguments: String...) throws -> Program.Result {
    try program.run(arguments, environment: environment)
  }

  /// Connects an account and returns the connection's id.
  func connect(_ key: String = "sandbox-us19") throws -> String {
    let added = try program.run(
      ["connections", "add", "mailchimp", "--format", "json"],
      environment: environment.merging(["PATCHBAY_KEY": key]) { $1 })
    #expect(added.status == 0, "\(added.errors)")
    return try #require(added.json["connectionId"] as? String)
  }

  /// Reads the log on to the next line of this event.
  func untilLog(tells event: String) throws {
    var text = ""
    while !text.contains("\"event\":\"\(event)\"") {
      let more = log.next()
      try #require(!more.isEmpty, "the log ended without \(event): \(text)")
      text += String(decoding: more, as: UTF8.self)
    }
  }

  /// Reads the log to its end, so that it never fills its pipe.
  func dropLog() {
    let log = log
    Thread.detachNewThread { _ = log.rest() }
  }

  /// SIGTERM, and the exit code.
  func terminate() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// curl, with its exit code and all that it printed.
  static func curl(_ arguments: String...) throws -> (code: Int32, printed: String) {
    let curl = try #require(Tool(named: "curl"))
    let scratch = ScratchDirectory()
    return curl.run(["-sS", "--max-time", "20"] + arguments, output: scratch.file("output"))
  }
}
