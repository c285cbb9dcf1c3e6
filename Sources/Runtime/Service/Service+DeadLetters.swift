internal import Jobs
package import Ports
internal import Telemetry

extension Service {
  package func deadLetters(page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<DeadLetter>
  {
    try principal.require(.read)
    return try await listed { () async throws(StoreError) in
      try await self.store.deadLetters(tenant: principal.tenant, includesHandled: false, page: page)
    }
  }

  package func deadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> DeadLetter {
    try principal.require(.read)
    let letter = try await stored { () async throws(StoreError) in
      try await self.store.deadLetter(id, tenant: principal.tenant)
    }
    guard let letter else { throw ServiceError(.notFound, "there is no dead letter \(id)") }
    return letter
  }

  /// Makes a new job of a dead letter; what may have taken effect is looked for before it is done again.
  ///
  /// - Throws: `notFound`; `conflict` when it was handled before, or when its connection is gone.
  package func retryDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try principal.require(.publish)
    let connection = try await stored { () async throws(StoreError) in
      try await self.store.deadLetter(id, tenant: principal.tenant)?.job.connection
    }
    if let connection {
      do {
        _ = try await record(connection, of: principal)
      } catch  where error.code == .notFound {
        throw ServiceError(
          .conflict, "the connection \(connection) was removed, so nothing can be retried on it; drop \(id)")
      }
    }
    let now = clock.unixNanoseconds
    let job = try await stored { () async throws(StoreError) in
      try await self.store.retry(
        deadLetter: id, tenant: principal.tenant, as: RecordID.make(.job, now: now), now: now)
    }
    dispatcher.wake()
    log.tell(.info, "job.retried", job)
    return job
  }

  /// Retries all that wait, at most 1,000 at a time; what somebody else handles meanwhile is passed over.
  package func retryDeadLetters(by principal: Principal) async throws(ServiceError) -> [Job] {
    try principal.require(.publish)
    var jobs: [Job] = []
    var page = PageRequest(limit: PageRequest.maximumLimit)
    while jobs.count < 1_000 {
      let request = page
      let letters = try await listed { () async throws(StoreError) in
        try await self.store.deadLetters(tenant: principal.tenant, includesHandled: false, page: request)
      }
      for letter in letters.elements.prefix(1_000 - jobs.count) {
        do {
          jobs.append(try await retryDeadLetter(letter.id, by: principal))
        } catch {
          guard error.code == .conflict || error.code == .notFound else { throw error }
        }
      }
      guard let next = letters.next else { break }
      page.after = next
    }
    return jobs
  }

  package func dropDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) {
    try principal.require(.publish)
    let now = clock.unixNanoseconds
    try await stored { () async throws(StoreError) in
      try await self.store.drop(deadLetter: id, tenant: principal.tenant, now: now)
      try await self.store.add(principal.entry("dead_letter.dropped", id, at: now))
    }
  }
}
