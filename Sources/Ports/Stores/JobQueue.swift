/// Jobs and their idempotency ledger: durable once a call returns.
///
/// Every implementation passes one behaviour suite. Times are nanoseconds since 1970.
package protocol JobQueue: Sendable {
  /// Stores the job and its ledger row, one per (tenant, connection, key), in one transaction.
  ///
  /// - Parameter capacity: how many jobs of the tenant may wait.
  func enqueue(_ job: Job, capacity: Int) async throws(StoreError) -> Enqueued

  /// Takes up to `limit` jobs that may run now and leases them.
  ///
  /// A connection has at most one job under lease; its jobs go by priority, then by `availableAt`, then by age.
  /// Tenants take turns, and within a tenant its connections do. Jobs of paused connections, connectors or of a
  /// paused host are passed over. A job under a lease that has run out is taken again, with a higher fence.
  func claim(_ limit: Int, worker: String, leaseUntil: UInt64, now: UInt64) async throws(StoreError)
    -> [Lease]

  /// Prolongs leases; returns those that are lost.
  func renew(_ leases: [LeaseToken], until: UInt64) async throws(StoreError) -> [LeaseToken]

  /// Records how an attempt ended and what becomes of the job: attempt, job, ledger, post, dead letter and the end
  /// of its journal in one transaction.
  ///
  /// - Throws: `fenced` when the lease is not held any more; nothing is stored then.
  func settle(_ lease: LeaseToken, _ attempt: Attempt, _ settlement: Settlement, now: UInt64)
    async throws(StoreError)

  /// Moves scheduled and retrying jobs whose time has come to pending, by their misfire policy, and expires those
  /// older than `maximumAge`.
  ///
  /// - Returns: how many moved.
  func release(now: UInt64, misfireAfter: Duration, maximumAge: Duration) async throws(StoreError) -> Int

  /// Gives every lease of workers other than `worker` up at once: a single host that starts knows that nobody
  /// else runs. Their jobs become pending and keep their journals.
  func abandonLeases(except worker: String, now: UInt64) async throws(StoreError) -> Int

  /// The earliest time at which `release` or `claim` will find something that they do not find now, or a time that
  /// is over when `release` has something to move already; nil: nothing waits.
  func nextDue(now: UInt64) async throws(StoreError) -> UInt64?

  // MARK: What people ask

  func job(_ id: String, tenant: String) async throws(StoreError) -> Job?
  /// The job that the ledger has under this key.
  func job(idempotencyKey: String, connection: String, tenant: String) async throws(StoreError) -> Job?
  /// Newest first, without their payloads.
  func jobs(tenant: String, matching filter: JobFilter, page: PageRequest) async throws(StoreError) -> Page<
    Job
  >
  /// In the order they were made.
  func attempts(job: String) async throws(StoreError) -> [Attempt]
  /// Cancels a job that waits; of one that runs the cancellation is noted, and ``cancelled(among:)`` tells of it.
  ///
  /// So it is of one whose journal tells of a write, unless it is held: its next worker finds out, then it ends. One
  /// that may have taken effect and has nobody to look becomes unknown.
  ///
  /// - Throws: `notFound`; `conflict` when it has ended.
  func cancel(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job
  /// Which of these running jobs somebody wants to end.
  func cancelled(among jobs: [String]) async throws(StoreError) -> Set<String>
  /// Makes a held job, or an unknown one that is to look at the platform first, pending.
  ///
  /// A held one goes back to its time if that is still to come, and stays held while its connection does not publish.
  /// - Throws: `notFound`; `conflict` when its state is another, or its connection was removed.
  func resume(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job

  /// Stops or lets go what a pause covers.
  func setPause(_ scope: PauseScope, isPaused: Bool, now: UInt64) async throws(StoreError)
  func pauses() async throws(StoreError) -> [PauseScope]

  /// Counts by state, of one tenant or of all.
  func depth(tenant: String?) async throws(StoreError) -> [Job.State: Int]

  // MARK: Dead letters

  /// Newest first, without those that were dropped or retried unless `includesHandled`.
  func deadLetters(tenant: String, includesHandled: Bool, page: PageRequest) async throws(StoreError)
    -> Page<DeadLetter>
  func deadLetter(_ id: String, tenant: String) async throws(StoreError) -> DeadLetter?
  /// Makes a new job from a dead letter, linked to the old one, which is then handled.
  ///
  /// The ledger row moves to the new job, and a job that wrote keeps `mustReconcile` and its idempotency key.
  /// - Throws: `notFound`; `conflict` when it was handled before, or the connection was removed.
  func retry(deadLetter: String, tenant: String, as job: String, now: UInt64) async throws(StoreError) -> Job
  /// - Throws: `notFound`; `conflict` when it was handled before.
  func drop(deadLetter: String, tenant: String, now: UInt64) async throws(StoreError)

  // MARK: Posts

  func post(_ id: String, tenant: String) async throws(StoreError) -> Post?
  func posts(tenant: String, page: PageRequest) async throws(StoreError) -> Page<Post>
}

package enum Enqueued: Sendable, Equatable {
  case made(Job)
  /// Same key, same body.
  case existing(Job)
  /// Same key, other body; the job is that of the first.
  case otherBody(Job)
  /// As many wait as may.
  case full(waiting: Int)
}

/// The right to run a job until `until`, and to store what comes of it.
package struct Lease: Sendable, Equatable {
  package var job: Job
  package var token: LeaseToken
  package var until: UInt64
  /// The number of this attempt, from 1, those that did not count included.
  package var number: Int
  /// Somebody wanted the job to end before it was claimed.
  package var isCancelled: Bool

  package init(job: Job, token: LeaseToken, until: UInt64, number: Int, isCancelled: Bool = false) {
    self.job = job
    self.token = token
    self.until = until
    self.number = number
    self.isCancelled = isCancelled
  }
}

/// Names one lease of one job; a later lease has a higher fence, and the lower one can store nothing.
package struct LeaseToken: Sendable, Hashable {
  package var job: String
  package var fence: UInt64

  package init(job: String, fence: UInt64) {
    self.job = job
    self.fence = fence
  }
}

/// What becomes of a job after an attempt.
package enum Settlement: Sendable, Equatable {
  case published(result: [UInt8], post: Post?)
  /// Another attempt, a new operation; the journal of this one goes.
  case retry(at: UInt64, error: JobError, counts: Bool, isTimeout: Bool, mustReconcile: Bool)
  /// The same operation goes on at that time, from its journal.
  case park(until: UInt64, note: String)
  /// Waits for its connection; where that publishes again already, a few seconds.
  case hold(error: JobError, mustReconcile: Bool, note: String)
  case cancelled
  case unknown(error: JobError, deadLetter: String)
  /// - Parameter mayHaveWritten: who repeats it looks before it writes.
  case dead(reason: DeadLetter.Reason, error: JobError, deadLetter: String, mayHaveWritten: Bool = false)
}

package struct JobFilter: Sendable, Equatable {
  package var state: Job.State?
  package var connection: String?

  package init(state: Job.State? = nil, connection: String? = nil) {
    self.state = state
    self.connection = connection
  }
}

package enum PauseScope: Sendable, Hashable {
  case everything
  case connector(String)
}

/// A job that did not end well, kept until somebody retries or drops it.
package struct DeadLetter: Sendable, Equatable {
  package enum Reason: String, Sendable, CaseIterable {
    case maxRetriesExhausted = "max_retries_exhausted"
    case unretryableError = "unretryable_error"
    case expired
    case unknownOutcome = "unknown_outcome"
  }

  package var id: String
  package var tenant: String
  /// As it ended, with its payload and error.
  package var job: Job
  package var reason: Reason
  package var createdAt: UInt64
  /// The job that repeats it.
  package var retriedAs: String?
  package var droppedAt: UInt64?

  package init(
    id: String, tenant: String, job: Job, reason: Reason, createdAt: UInt64, retriedAs: String? = nil,
    droppedAt: UInt64? = nil
  ) {
    self.id = id
    self.tenant = tenant
    self.job = job
    self.reason = reason
    self.createdAt = createdAt
    self.retriedAs = retriedAs
    self.droppedAt = droppedAt
  }
}

/// Something that stands on a platform because of a job.
package struct Post: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable { case scheduled, published, deleted }

  package var id: String
  package var tenant: String
  package var job: String
  package var connection: String
  /// The platform's id.
  package var externalID: String
  package var url: String?
  package var state: State
  package var createdAt: UInt64

  package init(
    id: String, tenant: String, job: String, connection: String, externalID: String, url: String? = nil,
    state: State = .published, createdAt: UInt64
  ) {
    self.id = id
    self.tenant = tenant
    self.job = job
    self.connection = connection
    self.externalID = externalID
    self.url = url
    self.state = state
    self.createdAt = createdAt
  }
}
