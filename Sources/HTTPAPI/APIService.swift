package import ConnectorModel
package import Ports
package import Runtime
package import Secrets

/// What the routes ask of the host: ``Runtime/Service``, or a scripted one in tests.
package protocol APIService: Sendable {
  func authenticate(_ key: Secret) async throws(ServiceError) -> Principal

  func connect(_ order: ConnectOrder, by principal: Principal) async throws(ServiceError) -> ConnectionRecord
  func connections(connector: String?, page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<ConnectionRecord>
  func connection(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord
  func refresh(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord
  func connectionHealth(by principal: Principal) async throws(ServiceError) -> [ConnectionState: Int]
  func setPause(ofConnection id: String, isPaused: Bool, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  func removeConnection(_ id: String, by principal: Principal) async throws(ServiceError)

  func publish(_ order: PublishOrder, by principal: Principal) async throws(ServiceError) -> PublishReceipt
  func job(_ id: String, by principal: Principal) async throws(ServiceError) -> JobDetail
  func jobs(matching filter: JobFilter, page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<Job>
  func cancelJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job
  func reconcileJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job

  func upload(_ body: UploadBody, by principal: Principal) async throws -> Upload
  func upload(_ id: String, by principal: Principal) async throws(ServiceError) -> Upload
  func removeUpload(_ id: String, by principal: Principal) async throws(ServiceError)
  /// Bytes that one upload may have.
  var largestUpload: UInt64 { get }

  func deadLetters(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<
    DeadLetter
  >
  func deadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> DeadLetter
  func retryDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> Job
  func retryDeadLetters(by principal: Principal) async throws(ServiceError) -> [Job]
  func dropDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError)

  func post(_ id: String, by principal: Principal) async throws(ServiceError) -> Post
  func posts(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<Post>
  func editPost(_ id: String, changes: JSONValue, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  func deletePost(_ id: String, by principal: Principal) async throws(ServiceError) -> PublishReceipt

  func analytics(
    connection: String, matching query: AnalyticsQuery, page: PageRequest, by principal: Principal
  ) async throws(ServiceError) -> Analytics
  func syncs(connection: String, by principal: Principal) async throws(ServiceError) -> [SyncStatus]
  func runSync(connection: String, stream: String, by principal: Principal) async throws(ServiceError)
    -> SyncStatus
  func syncHealth(by principal: Principal) async throws(ServiceError) -> [SyncLag]

  func capabilities() async -> [String: JSONValue]
  func connectors() async throws(ServiceError) -> [ConnectorStatus]
  func connector(_ id: String) async throws(ServiceError) -> ConnectorStatus
  func setPause(ofConnector id: String, isPaused: Bool, by principal: Principal) async throws(ServiceError)
    -> ConnectorStatus
  func reload(by principal: Principal) async throws(ServiceError) -> [ConnectorStatus]
  func limits(connector: String?, by principal: Principal) async throws(ServiceError) -> LimitsOverview
  func queueDepth(by principal: Principal) async throws(ServiceError) -> [Job.State: Int]
  func auditEntries(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<AuditEntry>
  func readiness() async -> Readiness
  func metricsText() async -> String
}

extension Service: APIService {}
