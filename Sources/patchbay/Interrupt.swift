internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// SIGINT and SIGTERM, as something to wait for.
struct Interrupt: Sendable {
  private let signals: SignalStream

  /// From here on the two end nothing by themselves, until ``wait()`` has returned.
  init() { signals = SignalStream([SIGINT, SIGTERM]) }

  /// Returns at the first of the two, or when the task is cancelled; the next one ends the process at once.
  func wait() async {
    for await _ in signals.stream { break }
    signals.end()
  }
}

/// SIGHUPs, one at a time.
struct HangUps: Sendable {
  private let signals: SignalStream

  /// From here on one ends nothing.
  init() { signals = SignalStream([SIGHUP]) }

  /// Runs `body` after each, and once more after those that came meanwhile; returns when the task is cancelled.
  func each(_ body: () async -> Void) async {
    for await _ in signals.stream { await body() }
  }
}

/// Signals that are caught from the moment this is made.
private final class SignalStream: Sendable {
  let stream: AsyncStream<Void>
  private let numbers: [Int32]
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  init(_ numbers: [Int32]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.stream = stream
    self.numbers = numbers
    sources.withLock { sources in
      sources = numbers.map { number in
        // The default action would end the process before the source sees the signal.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { continuation.yield() }
        source.resume()
        return source
      }
    }
  }

  /// Gives the signals their default action back.
  func end() {
    sources.withLock { for source in $0 { source.cancel() } }
    for number in numbers { signal(number, SIG_DFL) }
  }
}
