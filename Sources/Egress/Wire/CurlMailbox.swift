internal import Synchronization

/// How other threads reach the egress thread.
final class CurlMailbox: Sendable {
  private let multi: CurlMulti
  private let queue = Mutex(SubmissionQueue())

  init(multi: CurlMulti) { self.multi = multi }

  func nextID() -> UInt64 { queue.withLock { $0.nextID() } }

  /// False when the thread takes no more commands.
  func post(_ command: SubmissionQueue.Command) -> Bool {
    let acceptance = queue.withLock { $0.add(command) }
    if acceptance == .wake { multi.wake() }
    return acceptance != .refused
  }

  /// Whether the thread may lie down: nothing is there for it, and the next command will wake it.
  @Sendable func mayWait() -> Bool { queue.withLock { $0.lieDown() } }

  @Sendable func takeAll() -> [SubmissionQueue.Command] { queue.withLock { $0.takeAll() } }
}
