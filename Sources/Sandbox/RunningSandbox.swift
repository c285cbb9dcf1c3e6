package import ConnectorModel
internal import NIOCore
internal import NIOPosix

/// A sandbox that answers, and its controls for code in the same process.
package struct RunningSandbox: Sendable {
  package let httpPort: Int
  package let tlsPort: Int
  /// The certificate to trust for TLS.
  package let certificateAuthorityPath: String
  private let core: SandboxCore
  private let courier: Courier
  private let group: MultiThreadedEventLoopGroup

  init(
    httpPort: Int, tlsPort: Int, certificateAuthorityPath: String, core: SandboxCore,
    courier: Courier, group: MultiThreadedEventLoopGroup
  ) {
    self.httpPort = httpPort
    self.tlsPort = tlsPort
    self.certificateAuthorityPath = certificateAuthorityPath
    self.core = core
    self.courier = courier
    self.group = group
  }

  package var readyLine: ReadyLine {
    ReadyLine(
      http: "http://127.0.0.1:\(httpPort)", tls: "https://127.0.0.1:\(tlsPort)", ca: certificateAuthorityPath)
  }

  /// Adds a fault and returns its id.
  @discardableResult
  package func inject(_ fault: SandboxFault) -> String { core.with { machine, _ in machine.inject(fault) } }

  /// Removes every fault.
  package func removeFaults() { core.with { machine, _ in machine.removeFaults() } }

  /// The requests to platforms so far, oldest first, without their secrets.
  package func requests() -> [RecordedRequest] { core.with { machine, _ in machine.log.entries } }

  /// Starts to record requests with their answers, with an empty transcript.
  package func startTranscript() { core.with { machine, _ in machine.transcript.start() } }

  /// Ends the recording and returns it: `{"recording", "dropped", "exchanges"}`.
  package func stopTranscript() -> JSONValue {
    core.with { machine, _ in
      machine.transcript.stop()
      return machine.transcript.json
    }
  }

  /// What was recorded, as the Swift source of a `Transcript` of ConnectorTesting.
  package var transcriptSource: String {
    core.with { machine, _ in TranscriptSource.swift(machine.transcript.exchanges) }
  }

  /// A platform's whole state.
  ///
  /// - Throws: `SandboxError.unknownPlatform`.
  package func state(_ platform: String) throws(SandboxError) -> JSONValue {
    guard let state = core.with({ machine, now in machine.state(of: platform, at: now) }) else {
      throw .unknownPlatform(platform)
    }
    return state
  }

  /// Back to the seed: platforms, faults, log and clock.
  package func reset() { core.with { machine, _ in machine.reset() } }

  /// Moves the sandbox's time forward.
  package func advanceClock(byMilliseconds step: Int64) {
    _ = core.with { machine, now in machine.advanceClock(byMilliseconds: step, at: now) }
    courier.pump()
  }

  /// Closes both listeners and every connection, and ends the sandbox's thread.
  package func stop() async {
    // A group that is already shut down reports an error, and then there is nothing left to stop.
    try? await group.shutdownGracefully()
  }
}
