package import Secrets
package import Telemetry

/// How a host serves.
package struct ServiceOptions: Sendable {
  package var host: HostOptions
  /// Overrides `master.key` of the state directory; the same text form.
  package var masterKey: Secret?
  package var log: EventLog
  /// The one that `log` was made with: secrets that the host opens are registered with it.
  package var redaction: LogRedaction
  /// Jobs of one tenant that may wait.
  package var capacity: Int
  /// Jobs that run side by side.
  package var concurrency: Int
  /// Syncs that run side by side.
  package var syncs: Int
  package var retention: RetentionPolicy

  package init(
    host: HostOptions, masterKey: Secret? = nil, log: EventLog, redaction: LogRedaction,
    capacity: Int = 100_000, concurrency: Int = 256, syncs: Int = 4,
    retention: RetentionPolicy = RetentionPolicy()
  ) {
    self.host = host
    self.masterKey = masterKey
    self.log = log
    self.redaction = redaction
    self.capacity = capacity
    self.concurrency = concurrency
    self.syncs = syncs
    self.retention = retention
  }
}
