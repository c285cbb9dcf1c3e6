internal import ArgumentParser
internal import ConnectorModel
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
      The key comes from --key or PATCHBAY_KEY, an OAuth token from --token or PATCHBAY_TOKEN; only the host sees it.

      With --sandbox the platforms are simulated in this process, or at URL, the "tls" address that
      `patchbay sandbox` prints. A fault is one JSON object, for instance the connection cut after a send took effect:

        --fault '{"method":"POST","path":"/3.0/campaigns/*/actions/send","times":1,"do":{"reset":"after"}}'

      Exit codes: 0 succeeded, 1 failed, 2 wrong usage, 3 nobody knows whether it took effect.
      """)

  @Argument(help: "The connector's id, as in its manifest.")
  var connector: String

  @Argument(help: "The action's name.")
  var action: String

  @Option(name: .long, help: "A file with the action's input as JSON, or - for standard input.")
  var input = "-"

  @OptionGroup var host: HostArguments

  @Option(name: .long, help: "The account's API key (default: $PATCHBAY_KEY).")
  var key: String?

  @Option(name: .long, help: "The account's OAuth access token (default: $PATCHBAY_TOKEN).")
  var token: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Talk to simulated platforms instead of the real ones.", valueName: "URL", visibility: .default))
  var sandbox: String?

  @Option(
    name: .long, help: "The authority of the sandbox at URL (default: sandbox-ca.pem of the state directory)."
  )
  var sandboxCa: String?

  @Option(name: .long, help: ArgumentHelp("A fault for the sandbox; may be repeated.", valueName: "JSON"))
  var fault: [String] = []

  @Option(name: .long, help: "The caller's idempotency key.")
  var idempotencyKey = ""

  @Option(name: .long, help: "Where all chance of the operation comes from (default: random).")
  var seed: UInt64?

  @Flag(name: .long, help: "Agree to an action that destroys.")
  var yes = false

  @Flag(name: .long, help: "Tell every step on standard error as it happens.")
  var trace = false

  func run() async throws {
    let credential = try credential()
    let json = try readInput()
    let platforms = try await SandboxLink.open(
      sandbox, faults: fault, authority: sandboxCa, state: HostArguments.statePath(flag: host.state))
    let host = try await Host.open(host.options(sandbox: platforms?.address))
    let trace = CallTrace(isFull: trace)
    let report: CallReport
    do {
      let call = Call(
        connector: connector, action: action, input: json,
        connection: try host.connect(credential, to: connector),
        seed: seed ?? UInt64.random(in: .min ... .max), idempotencyKey: idempotencyKey, mayDestroy: yes,
        observe: trace.tell)
      report = try await host.run(call)
    } catch let error as RuntimeError {
      throw CommandFailure(sentence: error.description)
    }
    await host.stop()
    await platforms?.close()
    try Output.json(report)
    switch report.outcome {
    case .succeeded: return
    case .failed: throw ExitCode(1)
    case .unknown: throw ExitCode(3)
    }
  }

  private func credential() throws -> KeyCredential {
    let environment = ProcessInfo.processInfo.environment
    if let token = token ?? environment["PATCHBAY_TOKEN"] {
      return KeyCredential(Secret(token), kind: .token)
    }
    if let key = key ?? environment["PATCHBAY_KEY"] { return KeyCredential(Secret(key), kind: .apiKey) }
    throw CommandFailure(
      sentence: "no key: pass --key or --token, or set PATCHBAY_KEY or PATCHBAY_TOKEN", code: 2)
  }

  private func readInput() throws -> [UInt8] {
    if let bytes = InputFile.read(input) { return bytes }
    throw CommandFailure(
      sentence: "the input \(input) cannot be read; name a JSON file or - for standard input", code: 2)
  }
}
