internal import ConnectorModel
internal import Dispatch
internal import Egress
internal import Manifest
internal import Operations
internal import Ports
internal import Synchronization

/// The host's real driver on a transcript: the one file that knows its interface.
enum HostDriver {
  /// Runs a transcript to its end; says how it ended, as a stepped report does.
  static func run(_ transcript: Transcript, on host: SteppedHost, seed: UInt64) -> String {
    // The driver's own watch for the deadline must not fire: its wait is the longest of all.
    let limits = host.manifest.limits.operation
    let clock = JumpingClock(unixNanoseconds: transcript.now, longest: limits.deadline)
    let threads = TurnThreads(count: 1)
    defer { threads.stop() }
    let driver = OperationDriver(threads: threads, clock: clock, keyValues: MemoryKeyValueStore())
    let egress = Egress(
      manifest: host.manifest, tokens: CanaryTokens(), transport: ScriptedPlatform(transcript, host.manifest),
      clock: clock, seed: seed)
    let request = OperationRequest(
      kind: transcript.kind, name: transcript.operation, input: .json(transcript.input),
      connection: Connection(id: "con_1", variables: transcript.variables), seed: 7,
      idempotencyKey: transcript.idempotencyKey, mustReconcile: transcript.mustReconcile,
      blobs: InventedMedia.blobs(in: transcript.input))
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex<OperationReport.Outcome?>(nil)
    driver.start(request, on: HostedConnector(instance: host.instance, http: egress, limits: limits)) {
      report in
      outcome.withLock { $0 = report.outcome }
      done.signal()
    }
    guard done.wait(timeout: .now() + .seconds(20)) == .success, let ended = outcome.withLock({ $0 }) else {
      return "did not end within 20 s"
    }
    var report = SteppedReport()
    switch ended {
    case .succeeded(let payload): report.end = .completed(payload.inlineBytes ?? [])
    case .failed(let error): report.end = .failed(error)
    // Without a journal no operation waits elsewhere.
    case .parked, .suspended, .fenced: return "left the host before its end"
    }
    return report.endText
  }
}
