import Jobs
import Ports
import Synchronization

/// A queue in memory that keeps the port's promises as far as the dispatcher relies on them, and can fail.
final class MemoryJobQueue: JobQueue {
  struct State {
    var jobs: [String: Job] = [:]
    var leases: [String: (fence: UInt64, until: UInt64)] = [:]
    var fences: [String: UInt64] = [:]
    var attempts: [String: [Attempt]] = [:]
    var cancelRequests: Set<String> = []
    var letters: [DeadLetter] = []
    /// By connection, in order.
    var pending: [String: [String]] = [:]
    /// Connections in turn.
    var order: [String] = []
    /// Scheduled and retrying.
    var delayed: Set<String> = []
    var outage: StoreError?
    var calls: [String: Int] = [:]
    var largestClaim = 0
    var refusedRetries: Set<String> = []
  }

  let state = Mutex(State())

  /// Every call fails with this until it is nil again.
  func fail(_ error: StoreError?) { state.withLock { $0.outage = error } }

  func calls(_ name: String) -> Int { state.withLock { $0.calls[name] ?? 0 } }

  subscript(_ id: String) -> Job? { state.withLock { $0.jobs[id] } }

  func attempts(_ id: String) -> [Attempt] { state.withLock { $0.attempts[id] ?? [] } }

  func states() -> [Job.State: Int] {
    state.withLock { $0.jobs.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }
  }

  /// Another worker takes the lease away; the job can be claimed again at once.
  func steal(_ id: String) {
    state.withLock { state in
      state.leases[id] = nil
      state.makePending(id)
    }
  }

  private func answer<Result>(
    _ name: String, _ body: (inout State) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try state.withLock { (state) throws(StoreError) -> Result in
      state.calls[name, default: 0] += 1
      if let outage = state.outage { throw outage }
      return try body(&state)
    }
  }

  func enqueue(_ job: Job, capacity: Int) async throws(StoreError) -> Enqueued {
    add(job)
    return .made(job)
  }

  func add(_ job: Job) {
    state.withLock { state in
      state.jobs[job.id] = job
      if job.state == .pending { state.makePending(job.id) } else { state.delayed.insert(job.id) }
    }
  }

  func claim(_ limit: Int, worker: String, leaseUntil: UInt64, now: UInt64) async throws(StoreError)
    -> [Lease]
  {
    try answer("claim") { state throws(StoreError) in
      for (id, lease) in state.leases where lease.until <= now {
        state.leases[id] = nil
        state.makePending(id)
      }
      let busy = Set(state.leases.keys.compactMap { state.jobs[$0]?.connection })
      var leases: [Lease] = []
      var rest: [String] = []
      for (index, connection) in state.order.enumerated() {
        if leases.count == limit {
          rest += state.order[index...]
          break
        }
        guard !busy.contains(connection), let id = state.pending[connection]?.first else {
          rest.append(connection)
          continue
        }
        state.pending[connection]?.removeFirst()
        if state.pending[connection]?.isEmpty == false { rest.append(connection) }
        leases.append(state.lease(id, until: leaseUntil))
      }
      state.order = rest
      state.largestClaim = max(state.largestClaim, leases.count)
      return leases
    }
  }

  func renew(_ leases: [LeaseToken], until: UInt64) async throws(StoreError) -> [LeaseToken] {
    try answer("renew") { state throws(StoreError) in
      leases.filter { token in
        guard state.leases[token.job]?.fence == token.fence else { return true }
        state.leases[token.job]?.until = until
        return false
      }
    }
  }

  func settle(_ lease: LeaseToken, _ attempt: Attempt, _ settlement: Settlement, now: UInt64)
    async throws(StoreError)
  {
    try answer("settle") { state throws(StoreError) in
      guard state.leases[lease.job]?.fence == lease.fence, var job = state.jobs[lease.job] else {
        throw StoreError(.fenced, "the lease is lost")
      }
      state.leases[lease.job] = nil
      state.attempts[lease.job, default: []].append(attempt)
      job.updatedAt = now
      switch settlement {
      case .published(let result, _):
        job.state = .published
        job.result = result
      case .retry(let time, let error, let counts, let isTimeout, let mustReconcile):
        job.state = .retrying
        job.availableAt = time
        job.error = error
        job.attempts += counts ? 1 : 0
        job.timeouts += isTimeout ? 1 : 0
        job.mustReconcile = mustReconcile
        state.delayed.insert(job.id)
      case .park(let time, let note):
        job.state = .retrying
        job.availableAt = time
        job.note = note
        state.delayed.insert(job.id)
      case .hold(let error, let mustReconcile, let note):
        job.state = .held
        job.error = error
        job.mustReconcile = mustReconcile
        job.note = note
      case .cancelled: job.state = .cancelled
      case .unknown(let error, let letter):
        job.state = .unknown
        job.error = error
        state.bury(job, as: letter, .unknownOutcome, now)
      case .dead(let reason, let error, let letter, _):
        job.state = .dead
        job.error = error
        state.bury(job, as: letter, reason, now)
      }
      state.jobs[job.id] = job
    }
  }

  func release(now: UInt64, misfireAfter: Duration, maximumAge: Duration) async throws(StoreError) -> Int {
    try answer("release") { state throws(StoreError) in
      let ready = state.delayed.filter { (state.jobs[$0]?.availableAt ?? .max) <= now }.sorted()
      for id in ready {
        state.delayed.remove(id)
        state.makePending(id)
      }
      return ready.count
    }
  }

  func abandonLeases(except worker: String, now: UInt64) async throws(StoreError) -> Int { 0 }

  func nextDue(now: UInt64) async throws(StoreError) -> UInt64? {
    try answer("nextDue") { state throws(StoreError) in
      let times = state.delayed.compactMap { state.jobs[$0]?.availableAt } + state.leases.values.map(\.until)
      return times.filter { $0 > now }.min()
    }
  }

  func cancelled(among jobs: [String]) async throws(StoreError) -> Set<String> {
    try answer("cancelled") { state throws(StoreError) in state.cancelRequests.intersection(jobs) }
  }

  func cancel(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job {
    try answer("cancel") { state throws(StoreError) in
      guard let job = state.jobs[id] else { throw StoreError(.notFound, "no such job") }
      state.cancelRequests.insert(id)
      return job
    }
  }

  func deadLetters(tenant: String, includesHandled: Bool, page: PageRequest) async throws(StoreError)
    -> Page<DeadLetter>
  {
    try answer("deadLetters") { state throws(StoreError) in
      let start = page.after.flatMap(Int.init) ?? 0
      let letters = state.letters.filter { $0.tenant == tenant }.dropFirst(start).prefix(page.limit)
      let end = start + letters.count
      // Like a cursor: what is handled meanwhile does not shift the rest.
      return Page(
        letters.filter { $0.retriedAs == nil || includesHandled },
        next: end < state.letters.count ? String(end) : nil)
    }
  }

  func retry(deadLetter: String, tenant: String, as job: String, now: UInt64) async throws(StoreError) -> Job
  {
    try answer("retry") { state throws(StoreError) in
      guard let index = state.letters.firstIndex(where: { $0.id == deadLetter }) else {
        throw StoreError(.notFound, "no such dead letter")
      }
      if state.refusedRetries.contains(deadLetter) { throw StoreError(.conflict, "handled before") }
      state.letters[index].retriedAs = job
      var new = state.letters[index].job
      new.id = job
      return new
    }
  }

  // Not asked by the dispatcher.
  func job(_ id: String, tenant: String) async throws(StoreError) -> Job? { self[id] }
  func job(idempotencyKey: String, connection: String, tenant: String) async throws(StoreError) -> Job? {
    nil
  }
  func jobs(tenant: String, matching filter: JobFilter, page: PageRequest) async throws(StoreError) -> Page<
    Job
  > {
    Page([])
  }
  func attempts(job: String) async throws(StoreError) -> [Attempt] { attempts(job) }
  func resume(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job {
    throw StoreError(.notFound, "not asked")
  }
  func setPause(_ scope: PauseScope, isPaused: Bool, now: UInt64) async throws(StoreError) {}
  func pauses() async throws(StoreError) -> [PauseScope] { [] }
  func depth(tenant: String?) async throws(StoreError) -> [Job.State: Int] { states() }
  func deadLetter(_ id: String, tenant: String) async throws(StoreError) -> DeadLetter? { nil }
  func drop(deadLetter: String, tenant: String, now: UInt64) async throws(StoreError) {}
  func post(_ id: String, tenant: String) async throws(StoreError) -> Post? { nil }
  func posts(tenant: String, page: PageRequest) async throws(StoreError) -> Page<Post> { Page([]) }
}

extension MemoryJobQueue.State {
  mutating func makePending(_ id: String) {
    guard let connection = jobs[id]?.connection else { return }
    jobs[id]?.state = .pending
    if pending[connection, default: []].isEmpty, !order.contains(connection) { order.append(connection) }
    pending[connection, default: []].append(id)
  }

  fileprivate mutating func lease(_ id: String, until: UInt64) -> Lease {
    fences[id, default: 0] += 1
    let token = LeaseToken(job: id, fence: fences[id, default: 0])
    leases[id] = (token.fence, until)
    jobs[id]?.state = .processing
    return Lease(
      job: jobs[id] ?? .sample(id), token: token, until: until, number: (attempts[id]?.count ?? 0) + 1,
      isCancelled: cancelRequests.contains(id))
  }

  fileprivate mutating func bury(_ job: Job, as letter: String, _ reason: DeadLetter.Reason, _ now: UInt64) {
    letters.append(DeadLetter(id: letter, tenant: job.tenant, job: job, reason: reason, createdAt: now))
  }
}
