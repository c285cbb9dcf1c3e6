import Jobs
import Manifest
import Ports
import Synchronization

/// A runner whose attempts a test writes, and which notes who ran beside whom.
final class ScriptedRunner: JobRunner {
  struct Notes {
    var running: [String: Int] = [:]
    var runningNow = 0
    var mostAtOnce = 0
    var runs: [String] = []
    /// Connections on which two attempts ran at once.
    var collisions: Set<String> = []
    var attention: [String] = []
    var attentionOutage: StoreError?
  }

  let notes = Mutex(Notes())
  private let rule: RetryRule
  private let body: @Sendable (Lease, AttemptControl) async -> AttemptOutcome

  init(
    rule: RetryRule = RetryRule(retry: .reconcile),
    _ body: @escaping @Sendable (Lease, AttemptControl) async -> AttemptOutcome
  ) {
    self.rule = rule
    self.body = body
  }

  func run(_ lease: Lease, _ control: AttemptControl) async -> AttemptOutcome {
    let connection = lease.job.connection
    notes.withLock { notes in
      notes.running[connection, default: 0] += 1
      if notes.running[connection, default: 0] > 1 { notes.collisions.insert(connection) }
      notes.runningNow += 1
      notes.mostAtOnce = max(notes.mostAtOnce, notes.runningNow)
      notes.runs.append(lease.job.id)
    }
    let outcome = await body(lease, control)
    notes.withLock { notes in
      notes.running[connection, default: 0] -= 1
      notes.runningNow -= 1
    }
    return outcome
  }

  func retryRule(for job: Job) -> RetryRule { rule }

  func connectionNeedsAttention(_ job: Job, reason: String) async throws(StoreError) {
    if let outage = notes.withLock({ $0.attentionOutage }) { throw outage }
    notes.withLock { $0.attention.append("\(job.connection): \(reason)") }
  }
}

extension AttemptOutcome {
  static let done = AttemptOutcome(.succeeded(result: Array("{}".utf8), post: nil))
}

extension AttemptControl {
  /// Suspends until the order comes.
  func wait(for wanted: Order) async {
    let gate = Gate()
    onOrder { if $0 == wanted { gate.open() } }
    await gate.pass()
  }
}

/// Lets tasks through once it is open.
final class Gate: Sendable {
  private let state = Mutex((isOpen: false, waiters: [CheckedContinuation<Void, Never>]()))

  func open() {
    let waiters = state.withLock { state in
      defer { state = (true, []) }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}
