internal import ArgumentParser
internal import Conformance
internal import ConnectorModel
internal import Ports
internal import Runtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay verify record`: an action against the sandbox, written down as a transcript.
struct VerifyRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Runs one action against the sandbox in this process and writes its transcript.",
    discussion: """
      What the platform was asked and answered, and how the action ended, becomes what the
      connector has to do from now on: read it before you keep it. A fault is one JSON
      object as for `patchbay call`, for instance a send whose answer is lost:

        --fault '{"path": "/3.0/campaigns/*/actions/send", "do": {"reset": "after"}}'

      Exit codes: 0 written, however the action ended; 1 it could not be run or written,
      2 wrong usage.
      """)

  @Argument(help: "The connector's manifest.")
  var manifest: String

  @Option(name: .long, help: "The action's name.")
  var action: String

  @Option(name: .long, help: "A file with the action's input as JSON, or - for standard input.")
  var input: String

  @Option(name: .long, help: "Where the transcript goes.")
  var output: String

  @Option(name: .long, help: ArgumentHelp("A fault for the sandbox; may be repeated.", valueName: "JSON"))
  var fault: [String] = []

  @Option(name: .long, help: "The directory of connector libraries (default: the program's own).")
  var plugins: String?

  @Option(name: .long, help: "The simulated account's API key.")
  var key = "sandbox-us19"

  @Option(name: .long, help: "The simulated account's OAuth access token, instead of a key.")
  var token: String?

  @Option(name: .long, help: "Marks what the action makes, for --reconcile.")
  var idempotencyKey = ""

  @Flag(name: .long, help: "An earlier call may have taken effect: look for it before writing.")
  var reconcile = false

  func run() async throws {
    let subject = Subject(manifestPath: manifest, plugins: [plugins ?? VerifyProgram.folder])
    let json = try InputFile.read(input)
    // Neither the state nor the simulated accounts of anybody are touched.
    let state = "\(FileManager.default.temporaryDirectory.path)/patchbay-record-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: state) }
    guard
      let platforms = try await SandboxLink.open(
        SandboxArgument.inProcess, faults: fault, authority: nil, state: state)
    else { return }
    let host = try await HostArguments.open(
      HostOptions(
        manifests: [manifest], plugins: subject.plugins, state: state, sandbox: platforms.address))
    let now = SystemClock().unixNanoseconds
    let report: CallReport
    do {
      let credential = try PlatformCredential.read(key: token == nil ? key : nil, token: token)
      let connection = try host.connect(credential, to: subject.connectorID)
      platforms.startTranscript()
      // The seed of every operation of a transcript.
      report = try await host.run(
        Call(
          connector: subject.connectorID, action: action, input: json, connection: connection, seed: 7,
          idempotencyKey: idempotencyKey, mustReconcile: reconcile, mayDestroy: true))
    } catch let error as RuntimeError {
      throw CommandFailure(sentence: error.description)
    }
    let recording = TranscriptRecording(platforms.stopTranscript())
    await host.stop()
    await platforms.close()
    do throws(TranscriptFault) {
      try recording.write(
        .init(
          action: action, input: json, idempotencyKey: idempotencyKey, mustReconcile: reconcile,
          code: report.error?.code ?? "ok", result: report.result, now: now), of: subject, to: output)
    } catch {
      throw CommandFailure(sentence: error.what)
    }
    Output.line(
      "\(output): \(recording.count) requests, \(report.outcome.rawValue)"
        + (report.error.map { " with \($0.code)" } ?? ""))
  }
}
