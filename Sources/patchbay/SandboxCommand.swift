internal import ArgumentParser
internal import Conformance
internal import ConnectorModel
internal import Runtime
internal import Sandbox

/// `patchbay sandbox`: the platforms on loopback, until interrupted.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serves simulated platforms on loopback, faithful enough for their own client libraries.",
    discussion: """
      Plain HTTP takes the platform's host as first path segment, TLS its real name:

        curl -u x:sandbox-us19 \\
          http://127.0.0.1:4010/us19.api.mailchimp.com/3.0/ping
        curl -u x:sandbox-us19 --cacert CA --connect-to ::127.0.0.1:4443 \\
          https://us19.api.mailchimp.com/3.0/ping

      Prints one JSON line {http, tls, ca} when it answers. What it was asked and
      what it holds:

        curl http://127.0.0.1:4010/_sandbox/requests
        curl http://127.0.0.1:4010/_sandbox/state/mailchimp

      POST to /_sandbox/faults, /_sandbox/clock and /_sandbox/reset changes it.
      `sandbox record DIR` writes down what clients asked as well.
      """,
    subcommands: [SandboxRecordCommand.self])

  @OptionGroup var sandbox: SandboxArguments

  func run() async throws { try await sandbox.serve() }
}

/// `patchbay sandbox record`: the same, and transcripts of it.
struct SandboxRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Serves the simulated platforms and writes down what clients asked them.",
    discussion: """
      At the end DIR/CONNECTOR/client.json is written for each manifest whose endpoints were
      asked, in the format of docs/conformance.md and without secrets. `patchbay verify replay
      FILE --action A` asks a connector to do the same.
      """)

  @Argument(help: ArgumentHelp("Where the transcripts go.", valueName: "DIR")) var directory: String
  @Option(name: .long, help: "The manifests whose endpoints tell requests apart.")
  var manifests = "./manifests"
  @OptionGroup var sandbox: SandboxArguments

  func run() async throws {
    var exchanges = JSONValue.null
    try await sandbox.serve(atStart: { $0.startTranscript() }, atEnd: { exchanges = $0.stopTranscript() })
    try write(exchanges)
  }

  private func write(_ exchanges: JSONValue) throws {
    let recording = TranscriptRecording(exchanges)
    do throws(TranscriptFault) {
      let written = try recording.writeOfClients(to: directory, manifests: manifests)
      for path in written { Output.error("patchbay: recorded \(path)") }
      if written.isEmpty {
        Output.error("patchbay: \(recording.count) requests, none to an endpoint of \(manifests)")
      }
    } catch {
      throw CommandFailure(sentence: error.what)
    }
  }
}

/// Where the simulated platforms are, and how they begin.
struct SandboxArguments: ParsableArguments {
  @Option(name: .long, help: "The port of plain HTTP; 0 picks one.")
  var port = 4010

  @Option(name: .long, help: "The port of TLS; 0 picks one.")
  var tlsPort = 4443

  @Option(name: .long, help: "Where the development authority lies (default: as for the other commands).")
  var state: String?

  @Option(name: .long, help: "From which all identifiers are drawn.")
  var seed: UInt64 = 1

  func validate() throws {
    for (flag, number) in [("--port", port), ("--tls-port", tlsPort)] where !(0...65_535).contains(number) {
      throw ValidationError("\(flag) takes a number from 0 to 65535, and \(number) is none")
    }
  }

  /// Runs them until interrupted.
  func serve(
    atStart begin: (RunningSandbox) -> Void = { _ in }, atEnd end: (RunningSandbox) -> Void = { _ in }
  ) async throws {
    let directory = try HostArguments.statePath(flag: state)
    let running: RunningSandbox
    do {
      try StateDirectory.make(directory)
      running = try await Sandbox.start(
        SandboxOptions(port: port, tlsPort: tlsPort, stateDirectory: directory, seed: seed))
    } catch {
      throw CommandFailure(sentence: "\(error)")
    }
    let interrupt = Interrupt()
    begin(running)
    try Output.json(running.readyLine)
    await interrupt.wait()
    end(running)
    await running.stop()
  }
}
