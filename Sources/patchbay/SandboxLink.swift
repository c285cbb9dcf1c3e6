internal import ConnectorModel
internal import Runtime
internal import Sandbox

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The sandbox that a call talks to: one in this process, or one that is already running.
struct SandboxLink {
  let address: SandboxAddress
  private let running: RunningSandbox?

  /// - Returns: nil when no sandbox was asked for.
  /// - Throws: `CommandFailure` when the address or a fault is not usable.
  static func open(_ argument: String?, faults: [String], authority: String?, state: String) async throws
    -> SandboxLink?
  {
    let faults = try parse(faults)
    guard let argument else {
      if faults.isEmpty { return nil }
      throw CommandFailure(sentence: "--fault needs --sandbox: real platforms take no faults", code: 2)
    }
    guard argument == SandboxArgument.inProcess else {
      if faults.isEmpty { return try connect(argument, authority ?? state + "/sandbox-ca.pem") }
      throw CommandFailure(
        sentence:
          "--fault works with the sandbox in this process; for a running one use POST /_sandbox/faults",
        code: 2)
    }
    do {
      try StateDirectory.make(state)
      let running = try await Sandbox.start(SandboxOptions(stateDirectory: state))
      for fault in faults { running.inject(fault) }
      let address = SandboxAddress(
        address: "127.0.0.1", tlsPort: running.tlsPort, authority: running.certificateAuthorityPath)
      return SandboxLink(address: address, running: running)
    } catch {
      throw CommandFailure(sentence: "the sandbox cannot start: \(error)")
    }
  }

  func close() async { await running?.stop() }

  /// Records what the sandbox of this process is asked, from now on.
  func startTranscript() { running?.startTranscript() }

  /// What was recorded, as the sandbox tells it; null for a sandbox elsewhere.
  func stopTranscript() -> JSONValue { running?.stopTranscript() ?? .null }

  private static func parse(_ faults: [String]) throws -> [SandboxFault] {
    do {
      return try faults.map(SandboxFault.init(parsing:))
    } catch {
      throw CommandFailure(sentence: "\(error)", code: 2)
    }
  }

  private static func connect(_ argument: String, _ authority: String) throws -> SandboxLink {
    guard let url = URL(string: argument), url.scheme == "https", let host = url.host(), let port = url.port
    else {
      throw CommandFailure(
        sentence: "\(argument) is not the TLS address of a sandbox, such as https://127.0.0.1:4443", code: 2)
    }
    guard FileManager.default.isReadableFile(atPath: authority) else {
      throw CommandFailure(
        sentence:
          "the sandbox's authority \(authority) cannot be read; name the \"ca\" of its ready line with --sandbox-ca",
        code: 2)
    }
    // The host maps connections to an address, never to a name.
    let address = host == "localhost" ? "127.0.0.1" : host
    return SandboxLink(
      address: SandboxAddress(address: address, tlsPort: port, authority: authority), running: nil)
  }
}
