internal import ConnectorModel
internal import Ports
internal import Synchronization

/// One lease, from its start until it is settled or lost.
extension JobDispatcher {
  func start(_ entry: DispatchBook.Entry) {
    if entry.isCancelled { entry.control.give(.cancel) }
    attemptBegins()
    // Not a child task: a runner that never returns must not hold up a stop.
    Task { await self.attempt(entry.lease, entry.control) }
  }

  /// Gives a lease back whose attempt never began.
  func giveBack(_ token: LeaseToken) {
    let now = clock.unixNanoseconds
    attemptBegins()
    Task { await self.finish(token, AttemptOutcome(.suspended), startedAt: now) }
  }

  private func attempt(_ lease: Lease, _ control: AttemptControl) async {
    let startedAt = clock.unixNanoseconds
    var outcome = await runner.run(lease, control)
    control.close()
    let couldStartAt = lease.job.availableAt
    outcome.times.queue = startedAt > couldStartAt ? (startedAt - couldStartAt) / 1_000 : 0
    await finish(lease.token, outcome, startedAt: startedAt)
  }

  private func finish(_ token: LeaseToken, _ outcome: AttemptOutcome, startedAt: UInt64) async {
    guard let (entry, next) = book.withLock({ $0.returned(token) }) else { return attemptEnded(token) }
    if let next { start(next) }
    let rule = runner.retryRule(for: entry.lease.job)
    let now = clock.unixNanoseconds
    let decision = book.withLock { book in
      entry.isFenced
        ? nil
        : machine.decide(
          entry.lease, outcome.ending, rule: rule, isCancelled: entry.isCancelled, now: now,
          using: &book.random)
    }
    if let decision {
      let attempt = Attempt(
        number: entry.lease.number, startedAt: startedAt, endedAt: now, result: decision.result,
        error: decision.error, times: outcome.times, requests: outcome.requests,
        wasReplayed: outcome.wasReplayed)
      await settle(entry.lease, decision, attempt)
    } else if !entry.isFenced {
      observe(.leaseLost(entry.lease.job))
    }
    attemptEnded(token, nextAt: decision?.settlement.nextAt)
  }

  /// Tries until the store takes it, says that it may not be, or the host's grace is over.
  private func settle(_ lease: Lease, _ decision: JobDecision, _ attempt: Attempt) async {
    var failures = 0
    var hasFollowed = false
    while book.withLock({ $0.maySettle(lease.token) }) {
      do {
        if !hasFollowed { try await follow(decision.consequences, lease.job) }
        hasFollowed = true
        try await queue.settle(lease.token, attempt, decision.settlement, now: clock.unixNanoseconds)
        return observe(.settled(lease.job, decision.settlement, attempt))
      } catch {
        if error.code == .fenced { return observe(.leaseLost(lease.job)) }
        observe(.storeFailed(error, doing: "settling a job"))
        // Such a row will not take it later either; if it is there, its lease runs out.
        if error.code == .notFound || error.code == .conflict { return }
        let pause = book.withLock { $0.storeDelay(afterFailures: failures) }
        failures += 1
        try? await clock.sleep(for: pause)
      }
    }
  }

  private func follow(_ consequences: [JobDecision.Consequence], _ job: Job) async throws(StoreError) {
    for consequence in consequences {
      switch consequence {
      case .connectionNeedsAttention(let reason):
        try await runner.connectionNeedsAttention(job, reason: reason)
      case .alert(let sentence): observe(.alert(job, sentence))
      }
    }
  }
}

extension Settlement {
  /// When the queue has something to release because of it.
  fileprivate var nextAt: UInt64? {
    switch self {
    case .retry(let time, _, _, _, _): time
    case .park(let time, _): time
    case .published, .hold, .cancelled, .unknown, .dead: nil
    }
  }
}
