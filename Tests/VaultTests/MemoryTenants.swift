import Ports
import Synchronization

/// Tenants in memory; counts how often data keys were asked for and stored.
final class MemoryTenants: TenantStore {
  struct State {
    var tenants: [Tenant] = []
    var reads = 0
    var keeps = 0
    var failure: StoreError?
    /// What another host stores just before.
    var rival: [UInt8]?
  }

  let state: Mutex<State>

  init(_ ids: String...) {
    state = Mutex(State(tenants: ids.map { Tenant(id: $0, createdAt: 1) }))
  }

  func makeTenant(_ tenant: Tenant) throws(StoreError) -> Tenant {
    state.withLock { $0.tenants.append(tenant) }
    return tenant
  }

  func tenant(_ id: String) async throws(StoreError) -> Tenant? {
    await Task.yield()
    let result: Result<Tenant?, StoreError> = state.withLock { state in
      state.reads += 1
      if let failure = state.failure { return .failure(failure) }
      return .success(state.tenants.first { $0.id == id })
    }
    return try result.get()
  }

  func tenants() throws(StoreError) -> [Tenant] { state.withLock { $0.tenants } }

  func keepDataKey(_ wrapped: [UInt8], tenant: String) async throws(StoreError) -> [UInt8] {
    await Task.yield()
    let kept: [UInt8]? = state.withLock { state in
      state.keeps += 1
      guard let index = state.tenants.firstIndex(where: { $0.id == tenant }) else { return nil }
      if let rival = state.rival { state.tenants[index].dataKey = rival }
      let kept = state.tenants[index].dataKey ?? wrapped
      state.tenants[index].dataKey = kept
      return kept
    }
    guard let kept else { throw StoreError(.notFound, "no such tenant") }
    return kept
  }

  func add(_ key: APIKey) {}
  func apiKey(_ id: String) -> APIKey? { nil }
  func apiKeys(tenant: String?) -> [APIKey] { [] }
  func revokeAPIKey(_ id: String, at now: UInt64) throws(StoreError) {}
}

/// The text of the key 00 01 … 1f.
let sampleKeyText = "patchbay-master-v1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
