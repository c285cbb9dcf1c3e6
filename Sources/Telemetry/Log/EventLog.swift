package import Ports

/// The host's log: one line for each event, without secrets, written by a thread of its own.
///
/// Writing a line never waits. While the sink is slower than the host, lines beyond the bounds are dropped; a later line,
/// `log.dropped`, says how many. When the last reference goes, what is queued is still written.
package final class EventLog: Sendable {
  package let minimumLevel: Level
  private let clock: any HostClock
  private let writer: LogWriter

  /// - Parameters:
  ///   - redaction: shared with whoever registers secrets.
  ///   - maximumLines: how many wait at most.
  ///   - maximumBytes: how much they take at most.
  package init(
    format: Format = .json, minimumLevel: Level = .info, redaction: LogRedaction,
    sink: any LogSink = DescriptorSink.standardError, clock: any HostClock = SystemClock(),
    maximumLines: Int = 8192, maximumBytes: Int = 8 << 20
  ) {
    self.minimumLevel = minimumLevel
    self.clock = clock
    writer = LogWriter(
      queue: LineQueue(maximumLines: maximumLines, maximumBytes: maximumBytes),
      format: LineFormat(format: format, redaction: redaction), clock: clock, sink: sink)
    writer.start()
  }

  /// - Parameters:
  ///   - event: a stable dotted name, such as `job.published`.
  ///   - message: a sentence for people; not computed when the level is below the minimum.
  package func write(
    _ level: Level, _ event: String, _ message: @autoclosure () -> String = "", _ fields: Fields = Fields()
  ) {
    guard level >= minimumLevel else { return }
    writer.push(
      LogLine(at: clock.unixNanoseconds, level: level, event: event, message: message(), fields: fields)
        .bounded)
  }

  /// Lines that were lost since the start.
  package var droppedLines: UInt64 { writer.droppedLines }

  /// Suspends until what was written so far is out; false when that took longer than `limit`.
  package func flush(within limit: Duration) async -> Bool { await writer.flush(within: limit) }

  /// Takes no more lines and flushes.
  package func close(within limit: Duration) async -> Bool {
    writer.close()
    return await writer.flush(within: limit)
  }

  deinit { writer.close() }
}
