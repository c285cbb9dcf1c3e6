internal import Dispatch
internal import Ports
internal import Synchronization

/// The thread behind the log: takes lines from the queue, formats them, writes them.
///
/// Lives until it is closed; holds no reference to the log.
final class LogWriter: Sendable {
  private struct State {
    var queue: LineQueue
    var waiters: [UInt64: Waiter] = [:]
    var lastWaiter: UInt64 = 0

    mutating func takeReadyWaiters() -> [Waiter] {
      let ready = waiters.filter { $0.value.until <= queue.written }
      for id in ready.keys { waiters[id] = nil }
      return Array(ready.values)
    }
  }

  private struct Waiter {
    let until: UInt64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private let state: Mutex<State>
  private let wakes = DispatchSemaphore(value: 0)
  private let clock: any HostClock
  private let sink: any LogSink
  private let format: LineFormat

  init(queue: LineQueue, format: LineFormat, clock: any HostClock, sink: any LogSink) {
    state = Mutex(State(queue: queue))
    self.format = format
    self.clock = clock
    self.sink = sink
  }

  func start() {
    NamedThread.start("patchbay-log") { self.run() }
  }

  func push(_ line: LogLine) {
    if case .queuedFirst = state.withLock({ $0.queue.push(line) }) { wakes.signal() }
  }

  func close() {
    state.withLock { $0.queue.close() }
    wakes.signal()
  }

  var droppedLines: UInt64 { state.withLock { $0.queue.droppedInAll } }

  /// Suspends until what was accepted so far is written; false when that took longer than `limit`.
  func flush(within limit: Duration) async -> Bool {
    await withCheckedContinuation { continuation in
      let id: UInt64? = state.withLock { state in
        guard state.queue.written < state.queue.accepted else { return nil }
        state.lastWaiter += 1
        state.waiters[state.lastWaiter] = Waiter(until: state.queue.accepted, continuation: continuation)
        return state.lastWaiter
      }
      guard let id else { return continuation.resume(returning: true) }
      _ = clock.schedule(after: limit) { [weak self] in
        self?.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
      }
    }
  }

  private func run() {
    while true {
      switch state.withLock({ $0.queue.next() }) {
      case .end: return
      case .wait: wakes.wait()
      case .write(let lines, let dropped): write(lines, dropped: dropped)
      }
    }
  }

  private func write(_ lines: [LogLine], dropped: UInt64) {
    var lost: UInt64 = 0
    for line in lines where !sink.write(format.bytes(of: line)) { lost += 1 }
    let isTold = dropped == 0 || sink.write(format.bytes(of: told(dropped)))
    let ready = state.withLock { state in
      state.queue.didWrite(lost: lost, untold: isTold ? 0 : dropped)
      return state.takeReadyWaiters()
    }
    for waiter in ready { waiter.continuation.resume(returning: true) }
  }

  private func told(_ dropped: UInt64) -> LogLine {
    LogLine(
      at: clock.unixNanoseconds, level: .warning, event: "log.dropped",
      message: "lines were lost: the log was not read as fast as it was written", fields: EventLog.Fields(),
      dropped: dropped)
  }
}
