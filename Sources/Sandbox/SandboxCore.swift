internal import ConnectorModel
internal import Synchronization

internal import struct FoundationEssentials.Date

/// The machine behind its lock, with the real clock: what connections and the process itself call.
final class SandboxCore: Sendable {
  private let machine: Mutex<SandboxMachine>

  init(platforms: [any Platform.Type], seed: UInt64) {
    machine = Mutex(SandboxMachine(platforms: platforms, seed: seed))
  }

  var realTime: SandboxInstant {
    SandboxInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  /// Runs `body` with the machine; it must not call back here.
  func with<Result: Sendable>(_ body: (inout sending SandboxMachine, SandboxInstant) -> sending Result)
    -> Result
  {
    let now = realTime
    return machine.withLock { body(&$0, now) }
  }
}
