package import Ports

/// Orders about many dead letters at once.
package struct DeadLetters: Sendable {
  private let queue: any JobQueue
  private let clock: any HostClock

  package init(queue: any JobQueue, clock: any HostClock) {
    self.queue = queue
    self.clock = clock
  }

  /// Retries those that wait, newest first, at most `limit`; one that somebody handles meanwhile is passed over.
  ///
  /// After an error some have been retried, and asking again goes on with the rest.
  /// - Returns: the new jobs.
  package func retryAll(tenant: String, limit: Int = 1_000) async throws(StoreError) -> [Job] {
    var jobs: [Job] = []
    var next: String?
    var seen = 0
    repeat {
      let request = PageRequest(after: next, limit: min(limit - seen, PageRequest.maximumLimit))
      let page = try await queue.deadLetters(tenant: tenant, includesHandled: false, page: request)
      for letter in page.elements {
        seen += 1
        if let job = try await retry(letter) { jobs.append(job) }
      }
      next = page.elements.isEmpty ? nil : page.next
    } while next != nil && seen < limit
    return jobs
  }

  private func retry(_ letter: DeadLetter) async throws(StoreError) -> Job? {
    let now = clock.unixNanoseconds
    do {
      return try await queue.retry(
        deadLetter: letter.id, tenant: letter.tenant, as: RecordID.make(.job, now: now), now: now)
    } catch  where error.code == .conflict || error.code == .notFound {
      return nil
    }
  }
}
