internal import ConnectorModel
internal import Jobs
internal import Manifest
package import Ports
internal import Secrets
internal import Telemetry
internal import Vault

extension Service {
  /// Connects an account by a key that the application has: asks the platform whose it is, then keeps it.
  ///
  /// - Throws: `notFound` for the connector, `invalidInput` when it takes no such key, `rejectedByPlatform`,
  ///   `platformUnavailable`.
  package func connect(_ order: ConnectOrder, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  {
    try principal.require(.connect)
    let connector = try served(order.connector)
    let credential = KeyCredential(order.secret, kind: order.kind)
    let profile: (name: String, alternative: Int)
    do {
      profile = try credential.profile(in: connector.manifest)
    } catch {
      throw ServiceError(.invalidInput, error.description)
    }
    let now = clock.unixNanoseconds
    let id = RecordID.make(.connection, now: now)
    let alternatives = connector.manifest.auth[profile.name]?.alternatives ?? []
    guard alternatives.indices.contains(profile.alternative) else {
      throw ServiceError(.invalidInput, "auth profile \(profile.name) takes no such key")
    }
    var connection = credential.connection(id: id, alternative: alternatives[profile.alternative])
    connection.tenant = principal.tenant
    let token = Token(secret: order.secret, alternative: profile.alternative)
    tokens.keep(token, connection: id, profile: profile.name)
    var record = ConnectionRecord(
      id: id, tenant: principal.tenant, connector: order.connector, variables: connection.variables,
      createdAt: now)
    do {
      try record.take(
        await IdentityCheck(connector: connector, profile: profile.name, clock: clock).run(for: connection))
      let sealed = SealedSecret(
        connection: id, tenant: principal.tenant, field: profile.name, alternative: profile.alternative,
        bytes: try await seal(order.secret, tenant: principal.tenant, connection: id, field: profile.name))
      try await stored { () async throws(StoreError) in
        try await self.store.add(
          record, secrets: [sealed],
          audit: principal.entry("connection.added", id, detail: order.connector, at: now))
      }
    } catch {
      tokens.forget(connection: id)
      throw error
    }
    // Not before the platform knew it: what anybody may send must not decide what the log hides.
    options.redaction.register(order.secret)
    log.tell(
      .info, "connection.added", tenant: principal.tenant, connection: id, platform: order.connector)
    syncRunner.wake(discovering: true)
    return record
  }

  package func connections(connector: String?, page: PageRequest, by principal: Principal)
    async throws(ServiceError) -> Page<ConnectionRecord>
  {
    try principal.require(.read)
    return try await listed { () async throws(StoreError) in
      try await self.store.connections(tenant: principal.tenant, connector: connector, page: page)
    }
  }

  package func connection(_ id: String, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  {
    try principal.require(.read)
    return try await record(id, of: principal)
  }

  /// How many connections of the principal's tenant are in each state.
  package func connectionHealth(by principal: Principal) async throws(ServiceError) -> [ConnectionState: Int]
  {
    try principal.require(.read)
    return try await stored { () async throws(StoreError) in
      try await self.store.connectionCounts(tenant: principal.tenant)
    }
  }

  /// Asks the platform whether the account still answers, and whose it is.
  ///
  /// Only a recognised refusal moves the connection to `attention`; a platform that does not answer changes nothing.
  /// - Throws: `conflict` when the key belongs to another account now, `platformUnavailable`.
  package func refresh(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord {
    try principal.require(.connect)
    var record = try await record(id, of: principal)
    let connector = try served(record.connector)
    guard let profile = try await connectedProfile(of: record, in: connector.manifest) else {
      throw ServiceError(.conflict, "the connection \(id) has no secret; connect the account again")
    }
    guard connector.manifest.identity != nil else {
      throw ServiceError(
        .unsupported,
        "connector \(record.connector) cannot tell whose an account is; connect the account again")
    }
    let before = record
    do {
      try record.take(
        await IdentityCheck(connector: connector, profile: profile, clock: clock).run(for: record.connection))
      record.state = .healthy
      record.reason = ""
    } catch {
      guard error.code == .rejectedByPlatform else { throw error }
      record.state = .attention
      record.reason = error.message
    }
    let now = clock.unixNanoseconds
    let check = HealthCheckRecord(
      connection: id, tenant: record.tenant, isHealthy: record.state.publishes,
      code: record.state.publishes ? OutcomeCode.ok.name : OutcomeCode.unauthenticated.name,
      message: record.reason, at: now)
    try await stored { () async throws(StoreError) in try await self.store.add(check) }
    if record == before { return record }
    return try await update(record, "connection.checked", by: principal, detail: record.state.rawValue)
  }

  package func setPause(ofConnection id: String, isPaused: Bool, by principal: Principal)
    async throws(ServiceError) -> ConnectionRecord
  {
    try principal.require(.connect)
    var record = try await record(id, of: principal)
    if record.isPaused == isPaused { return record }
    record.isPaused = isPaused
    return try await update(
      record, isPaused ? "connection.paused" : "connection.resumed", by: principal, detail: "")
  }

  package func removeConnection(_ id: String, by principal: Principal) async throws(ServiceError) {
    try principal.require(.connect)
    let now = clock.unixNanoseconds
    let running = try await stored { () async throws(StoreError) in
      try await self.store.jobs(
        tenant: principal.tenant, matching: JobFilter(state: .processing, connection: id), page: PageRequest()
      )
    }
    try await stored { () async throws(StoreError) in
      try await self.store.remove(
        id, tenant: principal.tenant, audit: principal.entry("connection.removed", id, at: now))
    }
    tokens.forget(connection: id)
    for job in running.elements { dispatcher.cancel(job: job.id) }
    syncRunner.cancel(connection: id)
    log.tell(.info, "connection.removed", tenant: principal.tenant, connection: id)
  }

  func record(_ id: String, of principal: Principal) async throws(ServiceError) -> ConnectionRecord {
    let found = try await stored { () async throws(StoreError) in
      try await self.store.connection(id, tenant: principal.tenant)
    }
    guard let found else { throw ServiceError(.notFound, "there is no connection \(id)") }
    return found
  }

  private func update(_ record: ConnectionRecord, _ event: String, by principal: Principal, detail: String)
    async throws(ServiceError) -> ConnectionRecord
  {
    var record = record
    record.updatedAt = clock.unixNanoseconds
    let settled = record
    let updated = try await stored { () async throws(StoreError) in
      try await self.store.update(
        settled, audit: principal.entry(event, settled.id, detail: detail, at: settled.updatedAt))
    }
    log.tell(
      .info, event, tenant: principal.tenant, connection: record.id, platform: record.connector,
      status: record.state.rawValue)
    dispatcher.wake()
    if updated.isPaused { syncRunner.cancel(connection: updated.id) } else { syncRunner.wake() }
    return updated
  }

  private func connectedProfile(of record: ConnectionRecord, in manifest: Manifest)
    async throws(ServiceError) -> String?
  {
    for profile in manifest.auth.keys.sorted() {
      let secret = try await stored { () async throws(StoreError) in
        try await self.store.secret(connection: record.id, field: profile)
      }
      if secret != nil { return profile }
    }
    return nil
  }

  private func seal(_ secret: Secret, tenant: String, connection: String, field: String)
    async throws(ServiceError) -> [UInt8]
  {
    do {
      return try await vault.seal(secret, tenant: tenant, connection: connection, field: field)
    } catch {
      log.tell(.error, "vault.failed", tenant: tenant, connection: connection, message: "\(error)")
      throw ServiceError(.internal, "the secret could not be sealed; the host's log says why")
    }
  }
}

extension ConnectionRecord {
  /// Takes what the platform said of the account.
  ///
  /// - Throws: what to tell the caller when it said no, or nothing.
  fileprivate mutating func take(_ finding: IdentityCheck.Finding) throws(ServiceError) {
    switch finding {
    case .notAsked: return
    case .account(let id, let name, let facts):
      if let known = accountID, known != id {
        throw ServiceError(
          .conflict, "the key belongs to another account now; connect that account on its own")
      }
      accountID = id
      accountName = name
      accountFacts = facts
    case .refused(let code, let message):
      switch code {
      case .unauthenticated, .permission:
        throw ServiceError(
          .rejectedByPlatform,
          "the platform does not accept this key: \(message); connect with one that is valid")
      default:
        throw ServiceError(
          .platformUnavailable, "the platform did not say whose account it is: \(message); try again",
          retryAfter: .seconds(30))
      }
    }
  }
}
