internal import Synchronization

/// How other threads reach the egress thread.
final class CurlMailbox: Sendable {
  private let bell: WakeUp
  private let queue = Mutex(SubmissionQueue())

  init(bell: WakeUp) { self.bell = bell }

  func nextID() -> UInt64 { queue.withLock { $0.nextID() } }

  /// False when the thread takes no more commands.
  func post(_ command: SubmissionQueue.Command) -> Bool {
    let acceptance = queue.withLock { $0.add(command) }
    if acceptance == .wake { bell.ring() }
    return acceptance != .refused
  }

  /// Whether the thread may lie down: nothing is there for it, and the next command will wake it.
  func mayWait() -> Bool { queue.withLock { $0.lieDown() } }

  func takeAll() -> [SubmissionQueue.Command] { queue.withLock { $0.takeAll() } }
}
