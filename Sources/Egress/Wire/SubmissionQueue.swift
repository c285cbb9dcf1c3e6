internal import Ports

/// What other threads ask of the egress thread, in order.
///
/// A pure value; the thread takes everything at once, so that many requests cost one wake-up.
struct SubmissionQueue: Sendable {
  /// An exchange to be made.
  struct Submission: Sendable {
    let id: UInt64
    let request: TransportRequest
    let done: @Sendable (TransportResult) -> Void
  }

  enum Command: Sendable {
    case start(Submission)
    case cancel(UInt64)
    /// Cancel everything and end.
    case stop
  }

  enum Acceptance: Sendable, Equatable {
    /// The thread has to be woken.
    case wake
    /// It is awake, and looks again before it lies down.
    case awake
    /// The thread has ended or is about to.
    case refused
  }

  private var commands: [Command] = []
  private var isStopped = false
  /// The thread waits, or is about to.
  private var isLyingDown = false
  private var lastID: UInt64 = 0

  mutating func nextID() -> UInt64 {
    lastID += 1
    return lastID
  }

  mutating func add(_ command: Command) -> Acceptance {
    guard !isStopped else { return .refused }
    if case .stop = command { isStopped = true }
    commands.append(command)
    defer { isLyingDown = false }
    return isLyingDown ? .wake : .awake
  }

  mutating func takeAll() -> [Command] {
    isLyingDown = false
    defer { commands = [] }
    return commands
  }

  /// - Returns: false when there is something to do first.
  mutating func lieDown() -> Bool {
    isLyingDown = commands.isEmpty
    return isLyingDown
  }
}
