/// What waits to be written: bounded in lines and in bytes; what does not fit is counted.
///
/// A pure value. Lines stay counted until they are written.
struct LineQueue {
  enum Push {
    case queued
    /// The writer sleeps and has to be woken.
    case queuedFirst
    case dropped
  }

  enum Next {
    /// Write these; `dropped` lines were lost since the last time.
    case write([LogLine], dropped: UInt64)
    case wait
    case end
  }

  private static let batch = 256

  private let maximumLines: Int
  private let maximumBytes: Int
  private var lines: [LogLine] = []
  private var underWay = 0
  private var bytes = 0
  private var bytesUnderWay = 0
  private var dropped: UInt64 = 0
  private(set) var droppedInAll: UInt64 = 0
  /// Lines that were accepted, and lines that were written, since the start.
  private(set) var accepted: UInt64 = 0
  private(set) var written: UInt64 = 0
  private var isClosed = false

  init(maximumLines: Int, maximumBytes: Int) {
    self.maximumLines = maximumLines
    self.maximumBytes = maximumBytes
  }

  mutating func push(_ line: LogLine) -> Push {
    let cost = line.cost
    guard !isClosed, lines.count + underWay < maximumLines, bytes + bytesUnderWay + cost <= maximumBytes
    else {
      dropped += 1
      droppedInAll += 1
      return .dropped
    }
    lines.append(line)
    bytes += cost
    accepted += 1
    return lines.count == 1 ? .queuedFirst : .queued
  }

  mutating func next() -> Next {
    // Losses alone wake nobody: they are told after the next line.
    guard !lines.isEmpty else { return isClosed ? .end : .wait }
    let taken = Array(lines.prefix(Self.batch))
    lines.removeFirst(taken.count)
    underWay = taken.count
    bytesUnderWay = taken.reduce(0) { $0 + $1.cost }
    bytes -= bytesUnderWay
    defer { dropped = 0 }
    return .write(taken, dropped: dropped)
  }

  /// What `next` handed out is done with.
  ///
  /// - Parameters:
  ///   - lost: of these lines, those that the sink did not take.
  ///   - untold: losses that `next` handed out and the sink did not take either.
  mutating func didWrite(lost: UInt64, untold: UInt64) {
    dropped += lost + untold
    droppedInAll += lost
    written += UInt64(underWay)
    underWay = 0
    bytesUnderWay = 0
  }

  mutating func close() { isClosed = true }
}
