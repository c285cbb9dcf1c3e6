import Synchronization
import Telemetry

/// A log's lines, for tests that wait for what they tell.
final class LogCapture: LogSink {
  private struct State {
    var lines: [String] = []
    var watchers: [AsyncStream<String>.Continuation] = []
  }

  private let state = Mutex(State())

  func write(_ line: [UInt8]) -> Bool {
    let text = String(decoding: line, as: UTF8.self)
    state.withLock { state in
      state.lines.append(text)
      for watcher in state.watchers { watcher.yield(text) }
    }
    return true
  }

  var text: String { state.withLock { $0.lines.joined() } }

  /// Suspends until there is a line of this event, past ones included.
  ///
  /// - Parameters:
  ///   - subject: a job or a connection that stands in the line.
  ///   - count: how many such lines.
  func wait(for event: String, of subject: String, count: Int = 1) async throws {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    state.withLock { state in
      for line in state.lines { continuation.yield(line) }
      state.watchers.append(continuation)
    }
    let mark = "\"event\":\"\(event)\""
    var missing = count
    for await line in lines where line.contains(mark) && line.contains(subject) {
      missing -= 1
      if missing == 0 { return }
    }
    throw CancellationError()
  }
}
