internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#endif

/// SIGINT and SIGTERM, as something to wait for.
enum Interrupt {
  private static let numbers = [SIGINT, SIGTERM]

  /// Returns at the first of the two, or when the task is cancelled; the next one ends the process at once.
  static func wait() async {
    let sources = numbers.map { number in
      // The default action would end the process before the source sees the signal.
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number)
    }
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    for source in sources {
      source.setEventHandler { continuation.yield() }
      source.resume()
    }
    for await _ in signals { break }
    for source in sources { source.cancel() }
    for number in numbers { signal(number, SIG_DFL) }
  }

  /// Runs `body` after each SIGHUP, one at a time; returns when the task is cancelled.
  static func eachHangUp(_ body: () async -> Void) async {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP)
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    source.setEventHandler { continuation.yield() }
    source.resume()
    for await _ in signals { await body() }
    source.cancel()
  }
}
