package import Logging

/// Sends what packages log by swift-log to the event log, as events named `library.LABEL`.
package struct JSONLineLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  package var logLevel: Logger.Level

  private let event: String
  private let log: EventLog

  /// - Parameter label: of the logger, such as `hummingbird`.
  package init(label: String, log: EventLog) {
    event = "library." + label.lowercased()
    self.log = log
    logLevel =
      switch log.minimumLevel {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let level: EventLog.Level =
      switch event.level {
      case .trace, .debug: .debug
      case .info, .notice: .info
      case .warning: .warning
      case .error, .critical: .error
      }
    guard level >= log.minimumLevel else { return }
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, later in later } }
    if let given = event.metadata { all.merge(given) { _, later in later } }
    // Hummingbird's name for what our lines call requestId.
    let request = all.removeValue(forKey: "hb.request.id").map { "\($0)" }
    var message = "\(event.message)"
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { message += " \(key)=\(value)" }
    if let error = event.error { message += " error=\(error)" }
    log.write(level, self.event, message, EventLog.Fields(requestID: request))
  }
}
