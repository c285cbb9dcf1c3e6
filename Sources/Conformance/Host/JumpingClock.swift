internal import Dispatch
internal import Manifest
internal import Ports
internal import Synchronization

/// A clock for one waiter at a time: whoever waits is woken at once, and so much time has passed.
final class JumpingClock: HostClock {
  private let now: Mutex<UInt64>
  private let queue = DispatchQueue(label: "patchbay-clock")
  /// Longer waits are never over: a deadline is not reached by waiting for it.
  private let longest: Duration

  init(unixNanoseconds: UInt64, longest: Duration = .seconds(86_400)) {
    now = Mutex(unixNanoseconds)
    self.longest = longest
  }

  var unixNanoseconds: UInt64 { now.withLock { $0 } }

  func schedule(after delay: Duration, _ fire: @escaping @Sendable () -> Void) -> Cancellation {
    guard delay < longest else { return .none }
    let wanted = Wanted()
    now.withLock { $0 = delay.after($0) }
    queue.async { if wanted.isWanted { fire() } }
    return Cancellation { wanted.giveUp() }
  }

  func advance(by delay: Duration) { now.withLock { $0 = delay.after($0) } }

  /// Sets it forward or back.
  func move(by jump: Duration) {
    now.withLock { $0 = jump < .zero ? $0 - min($0, (Duration.zero - jump).after(0)) : jump.after($0) }
  }

  private final class Wanted: Sendable {
    private let flag = Mutex(true)
    var isWanted: Bool { flag.withLock { $0 } }
    func giveUp() { flag.withLock { $0 = false } }
  }
}
