internal import Manifest
internal import Operations
package import Ports
internal import Synchronization
internal import Telemetry

extension Service {
  /// What syncs brought of a connection, newest first, and how well each stream is known.
  package func analytics(
    connection: String, matching query: AnalyticsQuery, page: PageRequest, by principal: Principal
  ) async throws(ServiceError) -> Analytics {
    let streams = try await syncs(connection: connection, by: principal)
    if let stream = query.stream, !streams.contains(where: { $0.state.stream == stream }) {
      throw Self.missing(stream, connection, streams)
    }
    let filter = RecordFilter(
      tenant: principal.tenant, connection: connection, stream: query.stream, kind: query.kind,
      subject: query.subject, since: query.since, until: query.until)
    let records = try await listed { () async throws(StoreError) in
      try await self.store.records(matching: filter, page: page)
    }
    return Analytics(
      streams: streams.filter { query.stream == nil || $0.state.stream == query.stream }, records: records)
  }

  /// The streams of a connection, in the order of their names.
  package func syncs(connection id: String, by principal: Principal) async throws(ServiceError)
    -> [SyncStatus]
  {
    try principal.require(.read)
    let connection = try await record(id, of: principal)
    var states = try await stored { () async throws(StoreError) in
      try await self.store.syncs(connection: id, tenant: principal.tenant)
    }
    let pauses = try await stored { () async throws(StoreError) in try await self.store.pauses() }
    let served = registry.now.served[connection.connector]
    // Those that the runner has not come upon yet.
    for (stream, declaration) in served?.manifest.sync ?? [:]
    where !states.contains(where: { $0.stream == stream }) {
      states.append(first(of: stream, declaration, connection))
    }
    let running = syncRunner.book.withLock { $0.running }
    let isHeld =
      connection.isPaused || !connection.state.publishes || pauses.contains(.everything)
      || pauses.contains(.connector(connection.connector)) || served?.hosted.health.failure != nil
    let now = clock.unixNanoseconds
    return states.sorted { $0.stream < $1.stream }.map { state in
      let declaration = served?.manifest.sync[state.stream]
      return SyncStatus(
        state: state, condition: condition(of: state, every: declaration?.every, now: now),
        isRunning: running.contains(SyncKey(state)), isPaused: isHeld || declaration == nil)
    }
  }

  /// Has a stream read soon, whenever it is due; one that runs is read again.
  ///
  /// - Throws: `conflict` when its connection or connector is paused or needs a person.
  package func runSync(connection: String, stream: String, by principal: Principal) async throws(ServiceError)
    -> SyncStatus
  {
    try principal.require(.publish)
    let statuses = try await syncs(connection: connection, by: principal)
    guard var status = statuses.first(where: { $0.state.stream == stream }) else {
      throw Self.missing(stream, connection, statuses)
    }
    guard !status.isPaused else {
      throw ServiceError(
        .conflict, "the connection or its connector is paused or needs a person; let it go on, then sync it")
    }
    let now = clock.unixNanoseconds
    if syncRunner.book.withLock({ $0.ask(for: SyncKey(status.state)) }) { return status }
    status.state.nextDue = now
    let state = status.state
    try await stored { () async throws(StoreError) in
      try await self.store.add([state])
      try await self.store.setDue(
        connection: connection, tenant: principal.tenant, stream: stream, at: now)
    }
    syncRunner.wake()
    return status
  }

  /// Every stream, summed over the tenant's connections.
  package func syncHealth(by principal: Principal) async throws(ServiceError) -> [SyncLag] {
    try principal.require(.read)
    let census = try await stored { () async throws(StoreError) in
      try await self.store.syncCensus(tenant: principal.tenant)
    }
    let now = clock.unixNanoseconds
    return census.map { SyncLag(census: $0, seconds: $0.lag(at: now)) }
  }

  private func first(
    of stream: String, _ declaration: Manifest.SyncDeclaration, _ connection: ConnectionRecord
  )
    -> SyncState
  {
    SyncMachine(declaration).first(
      SyncOwner(connection: connection.id, tenant: connection.tenant), connector: connection.connector,
      stream: stream, now: clock.unixNanoseconds)
  }

  private func condition(of state: SyncState, every: Duration?, now: UInt64) -> SyncStatus.Condition {
    guard let covered = state.coveredUntil else { return .unavailable }
    guard state.failures == 0, let every else { return .stale }
    return now > (every * 2).after(covered) ? .stale : .current
  }

  private static func missing(_ stream: String, _ connection: String, _ known: [SyncStatus]) -> ServiceError {
    let names = known.map(\.state.stream).joined(separator: ", ")
    return ServiceError(
      .notFound,
      "connection \(connection) has no stream \(stream); "
        + (names.isEmpty ? "it has none" : "it has \(names)"))
  }
}
