internal import Jobs
internal import Ports
internal import Synchronization

/// Work that is done again and again until it is stopped.
final class Rounds: Sendable {
  private let bell = Doorbell()
  private let over = Atomic(false)

  /// The round that is under way should end after its step.
  var isOver: Bool { over.load(ordering: .relaxed) }

  /// Works at once and then once in every period, until ``stop()`` or the task is cancelled.
  func run(every period: Duration, on clock: any HostClock, _ work: () async -> Void) async {
    await withTaskCancellationHandler {
      while !isOver {
        await work()
        await bell.wait(atMost: period, on: clock)
      }
    } onCancel: {
      stop()
    }
  }

  func stop() {
    over.store(true, ordering: .relaxed)
    bell.ring()
  }
}
