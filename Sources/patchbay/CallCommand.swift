internal import ArgumentParser
internal import Conformance
internal import ConnectorModel
internal import Manifest
internal import Ports
internal import Runtime
internal import Sandbox
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay call`: one action, now.
struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Runs one action of a connector and prints its outcome as JSON.",
    discussion: """
      The key comes from --key or PATCHBAY_KEY, an OAuth token from --token or
      PATCHBAY_TOKEN; only the host sees it. An option goes before the environment.

      With --sandbox alone the platforms are simulated in this process, with a URL at
      a running `patchbay sandbox`, whose "tls" address it is. A fault is one JSON
      object, for instance the connection cut after a send took effect:

        --fault '{"path": "/3.0/campaigns/*/actions/send", "do": {"reset": "after"}}'

      With --transcript a file of the connector's own transcripts plays the platform;
      input, idempotency key and reconciliation are its own unless they are given.

      Ctrl-C stops the action and prints its outcome; a second one ends at once.

      Exit codes: 0 succeeded, 1 failed, 2 wrong usage, 3 nobody knows whether it
      took effect: look at the platform, or call again with --reconcile and the same
      --idempotency-key.
      """)

  @Argument(help: "The connector's id, as in its manifest.")
  var connector: String

  @Argument(help: "The action's name.")
  var action: String

  @Option(
    name: .long,
    help: "A file with the action's input as JSON, or - for standard input (default: -, or the transcript's)."
  )
  var input: String?

  @Option(name: .long, help: UploadArguments.help)
  var upload: [String] = []

  @OptionGroup var host: HostArguments

  @Option(name: .long, help: "The account's API key (default: $PATCHBAY_KEY).")
  var key: String?

  @Option(name: .long, help: "The account's OAuth access token (default: $PATCHBAY_TOKEN).")
  var token: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Talk to simulated platforms instead of the real ones: in this process, or at URL.", valueName: "[URL]",
      visibility: .default))
  var sandbox: String?

  @Option(
    name: .long, help: "The authority of the sandbox at URL (default: sandbox-ca.pem of the state directory)."
  )
  var sandboxCa: String?

  @Option(name: .long, help: ArgumentHelp("A fault for the sandbox; may be repeated.", valueName: "JSON"))
  var fault: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Let this transcript play the platform: no network, no key, no waiting.", valueName: "file"))
  var transcript: String?

  @Option(
    name: .long,
    help: "Marks what the action makes, for --reconcile. Nothing is kept here: the same key twice acts twice."
  )
  var idempotencyKey = ""

  @Flag(name: .long, help: "An earlier call may have taken effect: look for it before writing.")
  var reconcile = false

  @Option(name: .long, help: "Where all chance of the operation comes from (default: random).")
  var seed: UInt64?

  @Flag(name: .long, help: "Agree to an action that destroys.")
  var yes = false

  @Flag(name: .long, help: "Tell every step on standard error as it happens.")
  var trace = false

  func run() async throws {
    ProcessSecrets.keepFromCoreFiles()
    if let transcript { return try await rehearse(transcript) }
    let credential = try PlatformCredential.read(key: key, token: token)
    let json = try InputFile.read(input ?? "-")
    let uploads = try UploadArguments.files(upload)
    let platforms = try await SandboxLink.open(
      sandbox, faults: fault, authority: sandboxCa, state: HostArguments.statePath(flag: host.state))
    let host = try await HostArguments.open(host.options(sandbox: platforms?.address))
    let report = try await report(on: host, json, uploads: uploads) { host throws(RuntimeError) in
      try host.connect(credential, to: connector)
    }
    await host.stop()
    await platforms?.close()
    try Self.finish(report)
  }

  /// Runs the action on the platform that a transcript plays.
  private func rehearse(_ transcript: String) async throws {
    guard sandbox == nil, key == nil, token == nil, fault.isEmpty else {
      throw CommandFailure(
        sentence: "--transcript needs no --sandbox, --fault, --key and --token: the file plays the platform",
        code: 2)
    }
    let rehearsal: Rehearsal
    do {
      let manifests = ManifestDirectory.read([host.manifests], today: .today).compactMap(\.manifest)
      guard let manifest = manifests.first(where: { $0.id == connector }) else {
        throw CommandFailure(sentence: "there is no connector \(connector) in \(host.manifests)")
      }
      rehearsal = try Rehearsal(transcript: transcript, of: manifest)
    } catch let error as RehearsalError {
      throw CommandFailure(sentence: error.description, code: 2)
    }
    guard rehearsal.action == action else {
      throw CommandFailure(
        sentence: "the transcript \(transcript) is about \(rehearsal.action), not \(action)", code: 2)
    }
    let json = try input.map(InputFile.read) ?? rehearsal.input
    let host = try await HostArguments.open(
      host.options(), clock: rehearsal.clock, transport: rehearsal.transport)
    let report = try await report(on: host, json, rehearsal) { host throws(RuntimeError) in
      try host.connect(played: rehearsal.variables, to: connector)
    }
    await host.stop()
    for complaint in rehearsal.complaints { Output.error("patchbay: \(complaint)") }
    try Self.finish(report)
  }

  private func report(
    on host: Host, _ json: [UInt8], _ rehearsal: Rehearsal? = nil, uploads: [String: String] = [:],
    connect: (Host) throws(RuntimeError) -> Connection
  ) async throws -> CallReport {
    do {
      let call = Call(
        connector: connector, action: action, input: json, connection: try connect(host),
        seed: seed ?? UInt64.random(in: .min ... .max),
        idempotencyKey: idempotencyKey.isEmpty ? rehearsal?.idempotencyKey ?? "" : idempotencyKey,
        mustReconcile: reconcile || rehearsal?.mustReconcile == true, mayDestroy: yes,
        uploads: uploads, observe: CallTrace(isFull: trace).tell)
      return try await Self.run(call, on: host)
    } catch let error as RuntimeError {
      throw CommandFailure(sentence: error.description)
    }
  }

  private static func finish(_ report: CallReport) throws {
    try Output.json(report)
    switch report.outcome {
    case .succeeded: return
    case .failed: throw ExitCode(1)
    case .unknown: throw ExitCode(3)
    }
  }

  /// Runs the call to its outcome; an interrupt stops it on the way, so that what is under way is told and not lost.
  private static func run(_ call: Call, on host: Host) async throws -> CallReport {
    let running = Task { try await host.run(call) }
    let interrupt = Interrupt()
    let watching = Task {
      await interrupt.wait()
      if Task.isCancelled { return }
      Output.error("patchbay: stopping; interrupt again to end at once")
      running.cancel()
    }
    defer { watching.cancel() }
    return try await running.value
  }
}
