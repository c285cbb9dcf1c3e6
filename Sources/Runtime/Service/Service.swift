package import ConnectorModel
package import Ports
package import Secrets

/// The product behind its faces: what applications and operators can ask of a running host.
///
/// Every method is one question or order, checked for scope and tenant.
package final class Service: Sendable {
  package init() {}

  /// Who holds this key.
  package func authenticate(_ key: Secret) async throws(ServiceError) -> Principal { throw .unbuilt }

  // MARK: Connections

  package func connect(_ order: ConnectOrder, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  { throw .unbuilt }
  package func connections(connector: String?, page: PageRequest, by principal: Principal)
    async throws(ServiceError) -> Page<ConnectionRecord>
  { throw .unbuilt }
  package func connection(_ id: String, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  { throw .unbuilt }
  /// Asks the platform whether the account still answers, and whose it is.
  package func refresh(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord {
    throw .unbuilt
  }
  package func setPause(ofConnection id: String, isPaused: Bool, by principal: Principal)
    async throws(ServiceError) -> ConnectionRecord
  { throw .unbuilt }
  package func removeConnection(_ id: String, by principal: Principal) async throws(ServiceError) {
    throw .unbuilt
  }

  // MARK: Jobs

  package func publish(_ order: PublishOrder, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  { throw .unbuilt }
  package func job(_ id: String, by principal: Principal) async throws(ServiceError) -> JobDetail {
    throw .unbuilt
  }
  package func jobs(matching filter: JobFilter, page: PageRequest, by principal: Principal)
    async throws(ServiceError) -> Page<Job>
  { throw .unbuilt }
  package func cancelJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    throw .unbuilt
  }
  /// Lets the connector look whether an unknown job took effect; a held one goes on.
  package func reconcileJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    throw .unbuilt
  }

  // MARK: Dead letters

  package func deadLetters(page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<DeadLetter>
  { throw .unbuilt }
  package func deadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> DeadLetter {
    throw .unbuilt
  }
  package func retryDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    throw .unbuilt
  }
  /// Retries all that wait, at most 1,000 at a time.
  package func retryDeadLetters(by principal: Principal) async throws(ServiceError) -> [Job] {
    throw .unbuilt
  }
  package func dropDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) {
    throw .unbuilt
  }

  // MARK: Posts and metrics

  package func post(_ id: String, by principal: Principal) async throws(ServiceError) -> Post {
    throw .unbuilt
  }
  package func posts(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<Post> {
    throw .unbuilt
  }
  /// - Throws: `unsupported` where the platform cannot.
  package func editPost(_ id: String, changes: JSONValue, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  { throw .unbuilt }
  /// - Throws: `unsupported` where the platform cannot.
  package func deletePost(_ id: String, by principal: Principal) async throws(ServiceError) -> PublishReceipt
  { throw .unbuilt }
  package func analytics(connection: String, page: PageRequest, by principal: Principal)
    async throws(ServiceError) -> Page<MetricsSnapshot>
  { throw .unbuilt }

  // MARK: The host

  /// The capability matrix: connector id to what its manifest says.
  package func capabilities() async -> [String: JSONValue] { [:] }
  package func connectors() async throws(ServiceError) -> [ConnectorStatus] { throw .unbuilt }
  package func connector(_ id: String) async throws(ServiceError) -> ConnectorStatus { throw .unbuilt }
  package func setPause(ofConnector id: String, isPaused: Bool, by principal: Principal)
    async throws(ServiceError) -> ConnectorStatus
  { throw .unbuilt }
  /// Rereads the manifest directory; what runs is not touched.
  package func reload(by principal: Principal) async throws(ServiceError) -> [ConnectorStatus] {
    throw .unbuilt
  }
  /// Jobs by state, of the principal's tenant.
  package func queueDepth(by principal: Principal) async throws(ServiceError) -> [Job.State: Int] {
    throw .unbuilt
  }
  package func auditEntries(page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<AuditEntry>
  { throw .unbuilt }
  package func readiness() async -> Readiness { Readiness(checks: []) }
  /// Prometheus text.
  package func metricsText() async -> String { "" }
}

extension ServiceError {
  fileprivate static let unbuilt = ServiceError(.internal, "not built yet")
}
