package import ConnectorModel
internal import Jobs
internal import Manifest
internal import Operations
internal import PluginLoader
package import Ports
internal import Telemetry

extension Service {
  /// The capability matrix: connector id to what its manifest says.
  package func capabilities() async -> [String: JSONValue] {
    registry.now.served.mapValues { $0.manifest.capabilities }
  }

  package func connectors() async throws(ServiceError) -> [ConnectorStatus] {
    let pauses = try await stored { () async throws(StoreError) in try await self.store.pauses() }
    let now = registry.now
    let ids = Set(now.served.keys).union(now.refused.keys).sorted()
    return ids.map { status(of: $0, in: now, pauses: Set(pauses)) }
  }

  package func connector(_ id: String) async throws(ServiceError) -> ConnectorStatus {
    guard let status = try await connectors().first(where: { $0.id == id }) else {
      throw ServiceError(.notFound, "there is no connector \(id)")
    }
    return status
  }

  package func setPause(ofConnector id: String, isPaused: Bool, by principal: Principal)
    async throws(ServiceError) -> ConnectorStatus
  {
    try principal.require(.operate)
    _ = try await connector(id)
    let now = clock.unixNanoseconds
    try await stored { () async throws(StoreError) in
      try await self.store.setPause(.connector(id), isPaused: isPaused, now: now)
      try await self.store.add(
        principal.entry(isPaused ? "connector.paused" : "connector.resumed", id, at: now))
    }
    dispatcher.wake()
    // Streams are not looked for while their connector is paused.
    syncRunner.wake(discovering: true)
    return try await connector(id)
  }

  /// Rereads the manifest directory; what runs is not touched.
  package func reload(by principal: Principal) async throws(ServiceError) -> [ConnectorStatus] {
    try principal.require(.operate)
    do {
      try await reload()
    } catch {
      throw ServiceError(.conflict, "\(error)")
    }
    let now = clock.unixNanoseconds
    try await stored { () async throws(StoreError) in
      try await self.store.add(principal.entry("connectors.reloaded", "host", at: now))
    }
    return try await connectors()
  }

  /// Jobs by state, of the principal's tenant.
  package func queueDepth(by principal: Principal) async throws(ServiceError) -> [Job.State: Int] {
    try principal.require(.read)
    return try await stored { () async throws(StoreError) in
      try await self.store.depth(tenant: principal.tenant)
    }
  }

  package func auditEntries(page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<AuditEntry>
  {
    try principal.require(.read)
    return try await listed { () async throws(StoreError) in
      try await self.store.auditEntries(tenant: principal.tenant, page: page)
    }
  }

  package func readiness() async -> Readiness {
    var checks: [Readiness.Check] = []
    do throws(StoreError) {
      try await store.check()
      checks.append(.init("store", isOK: true))
    } catch {
      checks.append(.init("store", isOK: false, message: error.message))
    }
    checks.append(
      .init(
        "connectors", isOK: threads.isReady,
        message: threads.isReady ? "" : "too many turns never came back; restart the host"))
    checks.append(
      .init("accepting", isOK: !isStopping, message: isStopping ? "the host is shutting down" : ""))
    return Readiness(checks: checks)
  }

  /// Prometheus text.
  package func metricsText() async -> String {
    let counts = (try? await store.depth(tenant: nil)) ?? [:]
    let syncs = (try? await store.syncCensus(tenant: nil)) ?? []
    metrics.look(depth: counts, connectors: registry.now, syncs: syncs, now: clock.unixNanoseconds)
    return metrics.registry.render()
  }

  private func status(of id: String, in now: ConnectorRegistry.State, pauses: Set<PauseScope>)
    -> ConnectorStatus
  {
    let served = now.served[id]
    let refused = now.refused[id]
    let isPaused = pauses.contains(.connector(id)) || pauses.contains(.everything)
    let state: ConnectorStatus.State =
      served == nil ? .failed : isPaused ? .paused : refused == nil ? .ready : .stale
    let failure = served?.hosted.health.failure
    let entry = served?.entry ?? refused
    return ConnectorStatus(
      id: id, version: entry?.version ?? "", state: failure == nil ? state : .failed,
      reason: failure?.message ?? refused?.reason ?? (isPaused ? "it is paused" : ""),
      manifest: entry?.manifest ?? "", library: entry?.library ?? "", sha256: entry?.sha256 ?? "",
      generation: served?.generation ?? 0, draining: now.draining(id))
  }
}
