/// The accounts that tenants connected, and their sealed secrets.
package protocol ConnectionStore: Sendable {
  /// Stores a connection with its secrets, and the audit entry, in one transaction.
  ///
  /// - Throws: `conflict` when the id is taken.
  func add(_ connection: ConnectionRecord, secrets: [SealedSecret], audit: AuditEntry)
    async throws(StoreError)
  /// Nil when there is none, or it belongs to another tenant.
  func connection(_ id: String, tenant: String) async throws(StoreError) -> ConnectionRecord?
  /// For the host itself, which runs the jobs of all tenants.
  func connection(_ id: String) async throws(StoreError) -> ConnectionRecord?
  /// Newest first.
  func connections(tenant: String, connector: String?, page: PageRequest) async throws(StoreError)
    -> Page<ConnectionRecord>
  /// How many a tenant has in each state; states without any are left out.
  func connectionCounts(tenant: String) async throws(StoreError) -> [ConnectionState: Int]
  /// Replaces the connection if its version is still that of `connection`, and counts the version up.
  ///
  /// Moving to `attention`, `revoked` or paused holds its waiting jobs; moving back to a state that publishes
  /// releases them, in the same transaction.
  /// - Throws: `conflict` when it has changed, `notFound`.
  func update(_ connection: ConnectionRecord, audit: AuditEntry) async throws(StoreError) -> ConnectionRecord
  /// Deletes the connection with its secrets, its connector's state and everything else but jobs and the trail;
  /// waiting jobs become cancelled.
  ///
  /// - Throws: `notFound`.
  func remove(_ id: String, tenant: String, audit: AuditEntry) async throws(StoreError)

  func secret(connection: String, field: String) async throws(StoreError) -> SealedSecret?
  /// Replaces a secret if the stored generation is still `generation`; 0 means none is stored.
  ///
  /// - Throws: `conflict`.
  func replace(_ secret: SealedSecret, ifGeneration generation: UInt64) async throws(StoreError)
}

package enum ConnectionState: String, Sendable, CaseIterable {
  case healthy
  case expiringSoon = "expiring_soon"
  /// A person has to connect the account again.
  case attention
  case revoked

  package var publishes: Bool { self == .healthy || self == .expiringSoon }
}

/// A connection as it is stored; ``Connection`` is what an operation is told of it.
package struct ConnectionRecord: Sendable, Equatable {
  package var id: String
  package var tenant: String
  package var connector: String
  /// Nil until identity is known.
  package var accountID: String?
  package var accountName: String?
  package var accountFacts: [String: String]
  package var variables: [String: String]
  package var state: ConnectionState
  /// One sentence for people; empty while all is well.
  package var reason: String
  package var isPaused: Bool
  /// Nanoseconds since 1970.
  package var createdAt: UInt64
  package var updatedAt: UInt64
  /// From 1; grows with each change.
  package var version: UInt64

  package init(
    id: String, tenant: String, connector: String, accountID: String? = nil, accountName: String? = nil,
    accountFacts: [String: String] = [:], variables: [String: String] = [:],
    state: ConnectionState = .healthy,
    reason: String = "", isPaused: Bool = false, createdAt: UInt64, updatedAt: UInt64? = nil,
    version: UInt64 = 1
  ) {
    self.id = id
    self.tenant = tenant
    self.connector = connector
    self.accountID = accountID
    self.accountName = accountName
    self.accountFacts = accountFacts
    self.variables = variables
    self.state = state
    self.reason = reason
    self.isPaused = isPaused
    self.createdAt = createdAt
    self.updatedAt = updatedAt ?? createdAt
    self.version = version
  }

  /// What operations on it are told.
  package var connection: Connection {
    Connection(
      id: id, tenant: tenant, accountID: accountID, accountFacts: accountFacts, variables: variables)
  }
}

/// A secret as it is stored: ciphertext that opens only for its tenant, connection and field.
package struct SealedSecret: Sendable, Equatable {
  package var connection: String
  package var tenant: String
  /// The auth profile.
  package var field: String
  /// The index into the profile's `any` list.
  package var alternative: Int
  /// From 1; grows with each refresh.
  package var generation: UInt64
  package var bytes: [UInt8]

  package init(
    connection: String, tenant: String, field: String, alternative: Int, generation: UInt64 = 1,
    bytes: [UInt8]
  ) {
    self.connection = connection
    self.tenant = tenant
    self.field = field
    self.alternative = alternative
    self.generation = generation
    self.bytes = bytes
  }
}
