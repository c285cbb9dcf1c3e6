import Ports
import Testing

/// 2026-01-01T00:00:00Z.
let start: UInt64 = 1_767_225_600_000_000_000
let second: UInt64 = 1_000_000_000
let hour: UInt64 = 3600 * second
let day: UInt64 = 24 * hour

extension Job {
  static func sample(
    _ id: String, tenant: String = "acme", connection: String = "con_1", connector: String = "mailchimp",
    key: String? = nil, digest: [UInt8] = [1], priority: Priority = .publishing, misfire: Misfire = .publish,
    scheduledFor: UInt64? = nil, createdAt: UInt64 = start
  ) -> Job {
    Job(
      id: id, tenant: tenant, connection: connection, connector: connector, action: "campaign.publish",
      payload: Array(#"{"subject":"Spring"}"#.utf8), idempotencyKey: key ?? "key of \(id)", digest: digest,
      priority: priority, misfire: misfire, scheduledFor: scheduledFor, createdAt: createdAt)
  }
}

extension ConnectionRecord {
  static func sample(
    _ id: String = "con_1", tenant: String = "acme", connector: String = "mailchimp",
    state: ConnectionState = .healthy, isPaused: Bool = false, createdAt: UInt64 = start
  ) -> ConnectionRecord {
    ConnectionRecord(
      id: id, tenant: tenant, connector: connector, accountID: "a17", accountName: "Acme",
      accountFacts: ["login": "7"], variables: ["dc": "us19"], state: state, isPaused: isPaused,
      createdAt: createdAt)
  }
}

extension AuditEntry {
  static func sample(
    _ event: String = "connection.added", tenant: String = "acme", subject: String = "con_1",
    at: UInt64 = start
  ) -> AuditEntry {
    AuditEntry(tenant: tenant, actor: "host", event: event, subject: subject, at: at)
  }
}

extension Attempt {
  static func sample(
    _ number: Int = 1, _ result: Result = .published, error: JobError? = nil, at: UInt64 = start
  )
    -> Attempt
  {
    Attempt(
      number: number, startedAt: at, endedAt: at + second, result: result, error: error,
      times: AttemptTimes(queue: 1, limiter: 2, token: 3, connector: 4, network: 5, journal: 6), requests: 2)
  }
}

let upstream = JobError(
  code: "upstream", message: "The platform answered 502.", action: "Nothing: it is tried again.",
  platformCode: "502/1", requestId: "r-1", httpStatus: 502, pointer: "/subject")

extension Store {
  /// Stores jobs that are expected to be new.
  func enqueue(_ jobs: Job...) async throws {
    for job in jobs {
      guard case .made = try await enqueue(job, capacity: 1_000_000) else {
        Issue.record("\(job.id) was there already")
        return
      }
    }
  }

  /// Adds a paused connection, as one looks that was stopped after its jobs had come.
  func addStopped(_ id: String) async throws -> ConnectionRecord {
    let connection = ConnectionRecord.sample(id, isPaused: true)
    try await add(connection, secrets: [], audit: .sample())
    return connection
  }

  func claim(_ limit: Int = 100, worker: String = "w1", for lease: UInt64 = 60 * second, now: UInt64 = start)
    async throws -> [Lease]
  {
    try await claim(limit, worker: worker, leaseUntil: now + lease, now: now)
  }

  func claimOne(worker: String = "w1", now: UInt64 = start) async throws -> Lease {
    try #require(try await claim(1, worker: worker, now: now).first)
  }

  func settle(_ lease: Lease, _ settlement: Settlement, now: UInt64 = start) async throws {
    let result: Attempt.Result =
      switch settlement {
      case .published: .published
      case .park: .parked
      case .cancelled: .cancelled
      case .unknown: .unknown
      case .retry, .hold, .dead: .failed
      }
    try await settle(lease.token, .sample(lease.number, result, at: now), settlement, now: now)
  }

  func publish(_ lease: Lease, now: UInt64 = start) async throws {
    try await settle(lease, .published(result: [1], post: nil), now: now)
  }

  func release(now: UInt64) async throws -> Int {
    try await release(now: now, misfireAfter: .seconds(60), maximumAge: .seconds(7 * 24 * 3600))
  }

  func state(_ job: String, tenant: String = "acme") async throws -> Job.State? {
    try await self.job(job, tenant: tenant)?.state
  }
}

extension Settlement {
  static func again(
    at time: UInt64, counts: Bool = true, isTimeout: Bool = false, mustReconcile: Bool = false
  )
    -> Settlement
  {
    .retry(at: time, error: upstream, counts: counts, isTimeout: isTimeout, mustReconcile: mustReconcile)
  }
}

/// The code that `body` failed with.
func code(_ body: () async throws -> Void) async -> StoreError.Code? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}
