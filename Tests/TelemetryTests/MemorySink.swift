import ConnectorModel
import Dispatch
import Synchronization

@testable import Telemetry

/// Keeps lines in memory; can hold its writer up, and refuse lines.
final class MemorySink: LogSink {
  private let lines = Mutex<[[UInt8]]>([])
  private let refuses = Mutex(false)
  private let gate: DispatchSemaphore?
  private let arrivals = DispatchSemaphore(value: 0)

  /// - Parameter isHeld: whether each line waits for `release`.
  init(isHeld: Bool = false) { gate = isHeld ? DispatchSemaphore(value: 0) : nil }

  func write(_ line: [UInt8]) -> Bool {
    arrivals.signal()
    gate?.wait()
    if refuses.withLock({ $0 }) { return false }
    lines.withLock { $0.append(line) }
    return true
  }

  func release(_ count: Int) { for _ in 0..<count { gate?.signal() } }

  /// Blocks until the writer came with its next line.
  func waitForArrival() { arrivals.wait() }

  func refuse(_ isOn: Bool) { refuses.withLock { $0 = isOn } }

  var texts: [String] { lines.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

  /// Each line read as one JSON object; nil where it is none.
  var objects: [JSONValue?] {
    lines.withLock { lines in
      lines.map { line in
        guard line.last == 10, line.filter({ $0 == 10 }).count == 1,
          let value = try? StableJSON.decode(JSONValue.self, from: line),
          case .object = value
        else { return nil }
        return value
      }
    }
  }
}

/// What `body` writes, as lines.
func logged(
  _ format: EventLog.Format = .json, redaction: LogRedaction = LogRedaction(), level: EventLog.Level = .debug,
  _ body: (EventLog) -> Void
) async -> MemorySink {
  let sink = MemorySink()
  let log = EventLog(format: format, minimumLevel: level, redaction: redaction, sink: sink)
  body(log)
  _ = await log.close(within: .seconds(60))
  return sink
}
