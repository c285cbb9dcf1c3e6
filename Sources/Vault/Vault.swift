package import Ports
package import Secrets
internal import Synchronization

/// Seals secrets under a data key per tenant, each wrapped by the key provider and stored beside its tenant.
///
/// A data key is made when a tenant's first secret is sealed, unwrapped once, and kept in memory.
package final class Vault: Sendable {
  private enum Entry {
    case ready(KeyBytes)
    case underWay(Task<Result<KeyBytes, VaultError>, Never>)
  }

  private let provider: any KeyProvider
  private let tenants: any TenantStore
  private let entries = Mutex<[String: Entry]>([:])

  package init(provider: any KeyProvider, tenants: any TenantStore) {
    self.provider = provider
    self.tenants = tenants
  }

  package func seal(_ secret: Secret, tenant: String, connection: String, field: String)
    async throws(VaultError) -> [UInt8]
  {
    try await sealer(tenant: tenant).seal(secret, connection: connection, field: field)
  }

  /// - Throws: `doesNotOpen` unless the bytes were sealed for exactly this tenant, connection and field.
  package func open(_ bytes: [UInt8], tenant: String, connection: String, field: String)
    async throws(VaultError) -> Secret
  {
    try await sealer(tenant: tenant).open(bytes, connection: connection, field: field)
  }

  package func seal(bytes: [UInt8], tenant: String, context: String) async throws(VaultError) -> [UInt8] {
    try await sealer(tenant: tenant).seal(bytes: bytes, context: context)
  }

  package func open(bytes: [UInt8], tenant: String, context: String) async throws(VaultError) -> [UInt8] {
    try await sealer(tenant: tenant).open(bytes: bytes, context: context)
  }

  /// The tenant's sealer, which never waits again.
  ///
  /// However many ask at once, the store and the provider are asked once; after a failure the next caller asks anew.
  /// - Throws: `noTenant`, `otherMasterKey`, `store`.
  package func sealer(tenant: String) async throws(VaultError) -> TenantSealer {
    let entry = entries.withLock { entries in
      if let known = entries[tenant] { return known }
      let asked = Entry.underWay(Task { await self.load(tenant) })
      entries[tenant] = asked
      return asked
    }
    switch entry {
    case .ready(let key): return TenantSealer(tenant: tenant, key: key)
    case .underWay(let task): return TenantSealer(tenant: tenant, key: try await task.value.get())
    }
  }

  /// Proves that OpenSSL has what the host needs of it and that every stored data key opens, so that a changed master
  /// key is told at start and not at midnight.
  ///
  /// - Throws: `otherMasterKey` for the first that does not.
  package func check() async throws(VaultError) {
    _ = try OpenSSLCipher.sha256([])
    let all: [Tenant]
    do throws(StoreError) { all = try await tenants.tenants() } catch { throw .store(error) }
    for tenant in all {
      if let wrapped = tenant.dataKey { _ = try await provider.unwrap(wrapped, tenant: tenant.id) }
    }
  }

  private func load(_ tenant: String) async -> Result<KeyBytes, VaultError> {
    let result: Result<KeyBytes, VaultError>
    do throws(VaultError) {
      result = .success(try await dataKey(of: tenant))
    } catch {
      result = .failure(error)
    }
    entries.withLock { $0[tenant] = (try? result.get()).map(Entry.ready) }
    return result
  }

  private func dataKey(of tenant: String) async throws(VaultError) -> KeyBytes {
    let stored: Tenant?
    do throws(StoreError) { stored = try await tenants.tenant(tenant) } catch { throw .store(error) }
    guard let stored else { throw .noTenant(tenant) }
    if let wrapped = stored.dataKey { return try await provider.unwrap(wrapped, tenant: tenant) }
    let key = try KeyBytes.random()
    let wrapped = try await provider.wrap(key, tenant: tenant)
    let kept: [UInt8]
    do throws(StoreError) {
      kept = try await tenants.keepDataKey(wrapped, tenant: tenant)
    } catch {
      throw .store(error)
    }
    // Another host may have been first.
    return kept == wrapped ? key : try await provider.unwrap(kept, tenant: tenant)
  }
}
