/// Rows that other parts of the host add as it goes and read by time.
package protocol RecordStore: Sendable {
  func add(_ check: HealthCheckRecord) async throws(StoreError)
  /// Newest first.
  func healthChecks(connection: String, limit: Int) async throws(StoreError) -> [HealthCheckRecord]

  /// - Returns: false when an event with that deduplication key is there already.
  func add(_ event: WebhookEventRecord) async throws(StoreError) -> Bool
  /// Oldest first, by time of arrival.
  func webhookEvents(connector: String, from: UInt64, to: UInt64, page: PageRequest) async throws(StoreError)
    -> Page<WebhookEventRecord>
}

package struct HealthCheckRecord: Sendable, Equatable {
  package var connection: String
  package var tenant: String
  package var isHealthy: Bool
  /// ``ConnectorModel/OutcomeCode/name``, `ok` when healthy.
  package var code: String
  package var message: String
  package var at: UInt64

  package init(
    connection: String, tenant: String, isHealthy: Bool, code: String, message: String = "", at: UInt64
  ) {
    self.connection = connection
    self.tenant = tenant
    self.isHealthy = isHealthy
    self.code = code
    self.message = message
    self.at = at
  }
}

package struct WebhookEventRecord: Sendable, Equatable {
  package var id: String
  package var connector: String
  /// Nil while it is not known whose it is.
  package var tenant: String?
  package var deduplicationKey: String
  package var headers: [String: String]
  package var body: [UInt8]
  package var receivedAt: UInt64

  package init(
    id: String, connector: String, tenant: String? = nil, deduplicationKey: String,
    headers: [String: String] = [:], body: [UInt8], receivedAt: UInt64
  ) {
    self.id = id
    self.connector = connector
    self.tenant = tenant
    self.deduplicationKey = deduplicationKey
    self.headers = headers
    self.body = body
    self.receivedAt = receivedAt
  }
}
