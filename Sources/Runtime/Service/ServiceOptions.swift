package import Secrets
package import Telemetry

/// How a host serves.
package struct ServiceOptions: Sendable {
  package var host: HostOptions
  /// Overrides `master.key` of the state directory; the same text form.
  package var masterKey: Secret?
  package var log: EventLog
  /// Jobs of one tenant that may wait.
  package var capacity: Int
  /// Jobs that run side by side.
  package var concurrency: Int

  package init(
    host: HostOptions, masterKey: Secret? = nil, log: EventLog, capacity: Int = 100_000, concurrency: Int = 256
  ) {
    self.host = host
    self.masterKey = masterKey
    self.log = log
    self.capacity = capacity
    self.concurrency = concurrency
  }
}
