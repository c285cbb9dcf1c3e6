import ConnectorModel
import Ports
import Synchronization

@testable import Operations

/// One life of a host process, which may be killed at a numbered point.
///
/// Points lie before and after each append, exchange and access to state, and where a timer fires. Nothing that a
/// dead process had under way goes on.
final class Life: Sendable {
  private struct State {
    var points = 0
    var isDead = false
    var onDeath: (@Sendable () -> Void)?
  }

  /// From 1; 0: never.
  private let killPoint: Int
  private let state = Mutex(State())

  init(killedAt point: Int = 0) { killPoint = point }

  var isAlive: Bool { state.withLock { !$0.isDead } }

  /// False once the process is dead.
  func pass() -> Bool {
    let (isAlive, onDeath) = state.withLock { state in
      guard !state.isDead else { return (false, nil as (@Sendable () -> Void)?) }
      state.points += 1
      state.isDead = state.points == killPoint
      return (!state.isDead, state.isDead ? state.onDeath : nil)
    }
    onDeath?()
    return isAlive
  }

  enum End {
    case reported(OperationReport)
    case killed
  }

  /// Runs an operation until it reports or the process dies.
  func run(
    _ request: OperationRequest, on connector: HostedConnector, by driver: OperationDriver,
    started: @escaping @Sendable (OperationHandle) -> Void = { _ in }
  ) async -> End {
    let over = Mutex<CheckedContinuation<End, Never>?>(nil)
    let handle = Mutex<OperationHandle?>(nil)
    let end = await withCheckedContinuation { continuation in
      over.withLock { $0 = continuation }
      state.withLock { $0.onDeath = { over.withLock { $0.take() }?.resume(returning: .killed) } }
      let made = driver.start(request, on: connector) { report in
        over.withLock { $0.take() }?.resume(returning: .reported(report))
      }
      handle.withLock { $0 = made }
      started(made)
    }
    // The connector's tasks of a dead process would wait for ever.
    handle.withLock { $0.take() }?.cancel()
    return end
  }
}

/// A clock whose short timers fire as soon as anything can, and whose long ones never do.
final class LifeClock: HostClock {
  private let life: Life
  private let time: Mutex<UInt64>

  init(_ life: Life, at start: UInt64) {
    self.life = life
    time = Mutex(start)
  }

  var unixNanoseconds: UInt64 { time.withLock { $0 } }

  func schedule(after delay: Duration, _ fire: @escaping @Sendable () -> Void) -> Cancellation {
    guard delay <= .seconds(40) else { return .none }
    let isWanted = Flag(true)
    let due = delay.after(unixNanoseconds)
    Task {
      // Of a dead process only what frees the connector fires.
      guard isWanted.value, !life.isAlive || life.pass() else { return }
      time.withLock { $0 = max($0, due) }
      fire()
    }
    return Cancellation { isWanted.value = false }
  }
}

/// A truth value that closures share.
final class Flag: Sendable {
  private let state: Mutex<Bool>
  init(_ value: Bool) { state = Mutex(value) }
  var value: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
