internal import ConnectorModel
internal import Jobs
internal import Manifest
package import Ports
internal import Telemetry
internal import Vault

extension Service {
  /// Owes the tenant what it ordered: one durable job for each idempotency key.
  ///
  /// - Throws: `notFound`, `invalidInput`, `unsupported`, `idempotencyConflict`, `overloaded`, `storeUnavailable`.
  package func publish(_ order: PublishOrder, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  {
    try principal.require(.publish)
    // First of all: what was accepted once stays accepted, whatever has become of its connection and connector.
    if let earlier = try await earlierReceipt(for: order, by: principal) { return earlier }
    let connection = try await record(order.connection, of: principal)
    let connector = try served(connection.connector)
    let (action, input) = try self.action(of: order, in: connector.manifest)
    if let refusal = connector.schemas.refusal(of: input, for: action) {
      throw ServiceError(.invalidInput, refusal.message, pointer: "/payload" + refusal.pointer)
    }
    let now = clock.unixNanoseconds
    let job = Job(
      id: RecordID.make(.job, now: now), tenant: principal.tenant, connection: connection.id,
      connector: connection.connector, action: action, payload: input, idempotencyKey: order.idempotencyKey,
      digest: try digest(of: order),
      misfire: order.misfire, scheduledFor: order.scheduledFor, createdAt: now)
    // Noted before the job, so that nothing it needs goes between its order and its time.
    try await OrderMedia(library: library, rules: connector.manifest.actions[action]?.media ?? [])
      .reserve(for: job)
    let enqueued = try await stored { () async throws(StoreError) in
      try await self.store.enqueue(job, capacity: self.options.capacity)
    }
    switch enqueued {
    case .made(let job):
      dispatcher.wake()
      log.tell(.info, "job.accepted", job)
      return PublishReceipt(job: job, isNew: true)
    case .existing(let job): return PublishReceipt(job: job, isNew: false)
    case .otherBody(let job): throw Self.otherBody(job)
    case .full(let waiting):
      throw ServiceError(
        .overloaded, "\(waiting) jobs of this tenant wait already; try again later", retryAfter: .seconds(30))
    }
  }

  private func earlierReceipt(for order: PublishOrder, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt?
  {
    let earlier = try await stored { () async throws(StoreError) in
      try await self.store.job(
        idempotencyKey: order.idempotencyKey, connection: order.connection, tenant: principal.tenant)
    }
    guard let earlier else { return nil }
    guard earlier.digest == (try digest(of: order)) else { throw Self.otherBody(earlier) }
    return PublishReceipt(job: earlier, isNew: false)
  }

  private static func otherBody(_ job: Job) -> ServiceError {
    ServiceError(
      .idempotencyConflict,
      "the idempotency key was used for another body before, by job \(job.id); use a new key for new content",
      pointer: "/idempotencyKey")
  }

  package func job(_ id: String, by principal: Principal) async throws(ServiceError) -> JobDetail {
    try principal.require(.read)
    let job = try await stored { () async throws(StoreError) in
      try await self.store.job(id, tenant: principal.tenant)
    }
    guard let job else { throw ServiceError(.notFound, "there is no job \(id)") }
    let attempts = try await stored { () async throws(StoreError) in try await self.store.attempts(job: id) }
    return JobDetail(job: job, attempts: attempts)
  }

  package func jobs(matching filter: JobFilter, page: PageRequest, by principal: Principal)
    async throws(ServiceError) -> Page<Job>
  {
    try principal.require(.read)
    return try await listed { () async throws(StoreError) in
      try await self.store.jobs(tenant: principal.tenant, matching: filter, page: page)
    }
  }

  /// Cancels what waits at once; what runs is stopped as soon as its connector lets it.
  package func cancelJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try principal.require(.publish)
    let now = clock.unixNanoseconds
    let job = try await stored { () async throws(StoreError) in
      try await self.store.cancel(id, tenant: principal.tenant, now: now)
    }
    dispatcher.cancel(job: id)
    log.tell(.info, job.state == .cancelled ? "job.cancelled" : "job.cancellation_noted", job)
    return job
  }

  /// Lets the connector look whether an unknown job took effect; a held one goes on.
  package func reconcileJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try principal.require(.publish)
    let now = clock.unixNanoseconds
    let job = try await stored { () async throws(StoreError) in
      try await self.store.resume(id, tenant: principal.tenant, now: now)
    }
    dispatcher.wake()
    log.tell(.info, "job.resumed", job)
    return job
  }

  /// Of the whole order, the name of its action included.
  private func digest(of order: PublishOrder) throws(ServiceError) -> [UInt8] {
    do {
      return OrderDigest.make(
        payload: try StableJSON.encode(order.payload), scheduledFor: order.scheduledFor, hash: SHA256.digest)
    } catch {
      throw ServiceError(.invalidInput, "the payload cannot be written as JSON", pointer: "/payload")
    }
  }

  /// The write action that an order names, and its input in canonical JSON.
  private func action(of order: PublishOrder, in manifest: Manifest) throws(ServiceError)
    -> (name: String, input: [UInt8])
  {
    guard case .object(var members) = order.payload else {
      throw ServiceError(.invalidInput, "the payload is not an object", pointer: "/payload")
    }
    let named = members.removeValue(forKey: "action")
    guard let name = named == nil ? manifest.publish : named?.text else {
      throw ServiceError(
        named == nil ? .unsupported : .invalidInput,
        named == nil
          ? "connector \(manifest.id) publishes nothing by itself; name an action in the payload"
          : "the action is not a text", pointer: "/payload/action")
    }
    let writes = manifest.actions.filter { $0.value.effect != .read }.keys.sorted()
    guard writes.contains(name) else {
      throw ServiceError(
        .invalidInput,
        "connector \(manifest.id) has no write action \(name); it has \(writes.joined(separator: ", "))",
        pointer: "/payload/action")
    }
    guard let input = try? StableJSON.encode(JSONValue.object(members)) else {
      throw ServiceError(.invalidInput, "the payload cannot be written as JSON", pointer: "/payload")
    }
    return (name, input)
  }
}
