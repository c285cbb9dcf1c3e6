/// Those whom rows belong to, and the keys by which their applications come in.
package protocol TenantStore: Sendable {
  /// Makes a tenant unless there is one of that id, which is then returned as it is.
  func makeTenant(_ tenant: Tenant) async throws(StoreError) -> Tenant
  func tenant(_ id: String) async throws(StoreError) -> Tenant?
  /// In the order they were made.
  func tenants() async throws(StoreError) -> [Tenant]
  /// Stores the tenant's data key, wrapped by a key provider, unless it has one.
  ///
  /// - Returns: the one that is stored now.
  func keepDataKey(_ wrapped: [UInt8], tenant: String) async throws(StoreError) -> [UInt8]

  func add(_ key: APIKey) async throws(StoreError)
  /// Revoked ones too.
  func apiKey(_ id: String) async throws(StoreError) -> APIKey?
  /// Of one tenant, or of all.
  func apiKeys(tenant: String?) async throws(StoreError) -> [APIKey]
  /// - Throws: `notFound`.
  func revokeAPIKey(_ id: String, at now: UInt64) async throws(StoreError)
}

package struct Tenant: Sendable, Equatable {
  package var id: String
  /// Nanoseconds since 1970.
  package var createdAt: UInt64
  /// Wrapped; nil until a secret of the tenant is stored.
  package var dataKey: [UInt8]?

  package init(id: String, createdAt: UInt64, dataKey: [UInt8]? = nil) {
    self.id = id
    self.createdAt = createdAt
    self.dataKey = dataKey
  }
}

/// A key of the HTTP API, as it is stored: never the key itself.
package struct APIKey: Sendable, Equatable {
  package enum Scope: String, Sendable, CaseIterable {
    /// Look at everything of the tenant.
    case read
    /// Publish, cancel, retry, drop.
    case publish
    /// Connect and remove accounts.
    case connect
    /// The host itself: connectors, other tenants' pauses, reloads.
    case operate
  }

  /// 8 characters, the first part of the key.
  package var id: String
  package var tenant: String
  /// SHA-256 of the whole key.
  package var digest: [UInt8]
  package var scopes: Set<Scope>
  package var label: String
  /// Nanoseconds since 1970.
  package var createdAt: UInt64
  package var revokedAt: UInt64?

  package init(
    id: String, tenant: String, digest: [UInt8], scopes: Set<Scope>, label: String = "", createdAt: UInt64,
    revokedAt: UInt64? = nil
  ) {
    self.id = id
    self.tenant = tenant
    self.digest = digest
    self.scopes = scopes
    self.label = label
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}
