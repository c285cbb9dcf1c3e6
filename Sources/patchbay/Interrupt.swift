internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#endif

/// SIGINT and SIGTERM, as something to wait for.
enum Interrupt {
  /// Returns at the first of the two.
  static func wait() async {
    let sources = [SIGINT, SIGTERM].map { number in
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
  }
}
