package import Ports
package import Secrets
internal import Storage
internal import Vault

/// The keys of the HTTP API, on the files of a state directory: whoever may read them is the operator.
///
/// Works beside a running host.
package struct APIKeys: Sendable {
  private let store: any TenantStore & AuditTrail
  private let clock: any HostClock
  private let close: @Sendable () async -> Void

  /// Opens the store of a state directory and hands it to `body`.
  ///
  /// - Throws: `RuntimeError` when it cannot be opened, and what `body` throws.
  package static func open<Result: Sendable>(
    state: String, clock: any HostClock = SystemClock(), _ body: (APIKeys) async throws -> Result
  ) async throws -> Result {
    try StateDirectory.make(state)
    let store = try await SQLiteStore.open(path: StateDirectory.store(in: state))
    let keys = APIKeys(store: store, clock: clock) { await store.close() }
    do {
      let result = try await body(keys)
      await keys.close()
      return result
    } catch {
      await keys.close()
      throw error
    }
  }

  init(
    store: any TenantStore & AuditTrail, clock: any HostClock,
    close: @escaping @Sendable () async -> Void = {}
  ) {
    self.store = store
    self.clock = clock
    self.close = close
  }

  /// Makes a key, and the tenant if there is none of that id; the key itself is told this once and never kept.
  package func make(tenant: String, scopes: Set<APIKey.Scope>, label: String) async throws -> (
    key: Secret, record: APIKey
  ) {
    let now = clock.unixNanoseconds
    guard !tenant.isEmpty, tenant.utf8.count <= 64,
      tenant.utf8.allSatisfy({
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f
      })
    else {
      throw RuntimeError("a tenant's id has 1 to 64 small letters, digits, - and _; \"\(tenant)\" is none")
    }
    _ = try await store.makeTenant(Tenant(id: tenant, createdAt: now))
    let made = try APIKeyText.make()
    let record = APIKey(
      id: made.id, tenant: tenant, digest: try made.digest(), scopes: scopes, label: label,
      createdAt: now)
    try await store.add(record)
    try await store.add(
      AuditEntry(
        tenant: tenant, actor: "host", event: "key.created", subject: record.id, detail: label, at: now))
    return (made.secret, record)
  }

  /// - Throws: `RuntimeError` when there is no such key.
  package func revoke(_ id: String) async throws {
    let now = clock.unixNanoseconds
    // People paste the whole key: then it is never repeated.
    let id = APIKeyText(parsing: Secret(id))?.id ?? id
    guard let key = try await store.apiKey(id) else {
      throw RuntimeError("there is no such key; `patchbay keys list` shows those that are")
    }
    try await store.revokeAPIKey(id, at: now)
    try await store.add(
      AuditEntry(tenant: key.tenant, actor: "host", event: "key.revoked", subject: id, at: now))
  }

  package func list(tenant: String?) async throws -> [APIKey] { try await store.apiKeys(tenant: tenant) }

  /// At the very first start: a tenant `default` and one key with every scope; nil at every later one.
  func makeFirst() async throws -> Secret? {
    guard try await store.tenants().isEmpty else { return nil }
    return try await make(tenant: "default", scopes: Set(APIKey.Scope.allCases), label: "made at first start")
      .key
  }
}
