package import Ports
internal import Synchronization

/// The worker: takes jobs from the queue, runs them side by side, renews their leases, and settles them.
///
/// One for a queue and a process. ``run()`` is its whole life; everything else may be called from anywhere, at any
/// time.
package final class JobDispatcher: Sendable {
  let queue: any JobQueue
  let runner: any JobRunner
  let clock: any HostClock
  let machine: JobMachine
  let settings: DispatcherSettings
  let observe: @Sendable (JobEvent) -> Void
  let book: Mutex<DispatchBook>
  private let worker: String
  private let bell = Doorbell()
  private let renewalBell = Doorbell()
  /// When the queue may have something to release.
  private let releaseAt = Mutex<UInt64>(0)
  private let stops = Mutex<[Doorbell]>([])
  private let underWay = Atomic<Int>(0)

  /// - Parameters:
  ///   - worker: this process's name in leases.
  ///   - observe: called on any thread; must not block.
  package init(
    queue: any JobQueue, runner: any JobRunner, clock: any HostClock, worker: String, machine: JobMachine,
    settings: DispatcherSettings = DispatcherSettings(),
    seed: UInt64 = .random(in: 0 ... .max), observe: @escaping @Sendable (JobEvent) -> Void
  ) {
    self.queue = queue
    self.runner = runner
    self.clock = clock
    self.worker = worker
    self.machine = machine
    self.settings = settings
    self.observe = observe
    book = Mutex(DispatchBook(settings: settings, seed: seed))
  }

  /// Leases that are being run or settled here.
  package var attemptsUnderWay: Int { underWay.load(ordering: .acquiring) }

  // MARK: Orders

  /// Works until ``stop(within:)``; a cancelled task stops it at once, as a stop within no time does.
  package func run() async {
    // Not the caller's task: attempts are still to be settled when that is cancelled.
    let work = Task { await self.work() }
    await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      requestStop(within: .zero)
    }
  }

  /// Something may have become runnable: a job was enqueued, resumed, or let go by a pause.
  package func wake() { bell.ring() }

  /// Tells a job that runs here that somebody wants it to end; the queue was told before.
  package func cancel(job: String) {
    for control in book.withLock({ $0.cancel(job) }) { control.give(.cancel) }
  }

  /// Claims nothing any more, waits for what runs, tells the rest to suspend after `limit`, and returns when all is
  /// settled or `limit` and the grace are over.
  package func stop(within limit: Duration) async {
    let isOver = Doorbell()
    stops.withLock { $0.append(isOver) }
    requestStop(within: limit)
    // A store that never answers does not hold it up either: the loop may be waiting for it.
    let end = (limit + settings.suspendGrace).after(clock.unixNanoseconds)
    while !book.withLock({ $0.isClosed || !$0.isAtWork }), clock.unixNanoseconds < end {
      await isOver.wait(atMost: until(end), on: clock)
    }
    leaveRest()
  }

  private func requestStop(within limit: Duration) {
    let end = limit.after(clock.unixNanoseconds)
    book.withLock { $0.stop(at: end) }
    bell.ring()
  }

  // MARK: The loop

  private func work() async {
    guard book.withLock({ $0.beginWork() }) else { return }
    let renewals = Task { await self.renewLeases() }
    loop: while true {
      let now = clock.unixNanoseconds
      switch book.withLock({ $0.nextStep(now: now) }) {
      case .look(let capacity): await look(capacity: capacity)
      case .wait(let time): await bell.wait(atMost: until(time), on: clock)
      case .giveBack(let tokens):
        for token in tokens { giveBack(token) }
      case .suspend(let tokens):
        for token in tokens { book.withLock { $0.entries[token]?.control }?.give(.suspend) }
      case .close: break loop
      }
    }
    leaveRest()
    for isOver in stops.withLock({ $0 }) { isOver.ring() }
    await renewals.value
  }

  private func leaveRest() {
    for job in book.withLock({ $0.closeAndTakeRest() }) { observe(.leftBehind(job)) }
    bell.ring()
    renewalBell.ring()
  }

  /// One look at the queue, and the wait for a reason to look again.
  private func look(capacity: Int) async {
    var doing = "releasing jobs"
    do {
      let now = clock.unixNanoseconds
      var hasMoved = false
      if releaseAt.withLock({ $0 <= now }) {
        let moved = try await queue.release(
          now: now, misfireAfter: settings.misfireAfter, maximumAge: machine.policy.maximumAge)
        releaseAt.withLock { $0 = settings.poll.after(now) }
        hasMoved = moved > 0
        if hasMoved { observe(.released(moved)) }
      }
      doing = "claiming jobs"
      let claimed = try await claim(capacity)
      book.withLock { $0.storeAnswered() }
      if claimed == capacity {
        await bell.wait(atMost: until(releaseAt.withLock { $0 }), on: clock)
      } else {
        doing = "asking when the next job is due"
        await waitForNextDue(hasMoved: hasMoved || claimed > 0, try await queue.nextDue(now: now))
      }
    } catch {
      observe(.storeFailed(error, doing: doing))
      let now = clock.unixNanoseconds
      book.withLock { $0.storeFailed(now: now) }
    }
  }

  private func waitForNextDue(hasMoved: Bool, _ due: UInt64?) async {
    let now = clock.unixNanoseconds
    // A queue that promises something now and gives nothing is not asked again at once.
    let soonest = hasMoved ? now : Duration.milliseconds(20).after(now)
    let next = due.map { $0 > now ? $0 : soonest } ?? .max
    let time = min(next, settings.poll.after(now))
    releaseAt.withLock { $0 = min($0, time) }
    if time > now { await bell.wait(atMost: until(time), on: clock) }
  }

  private func claim(_ capacity: Int) async throws(StoreError) -> Int {
    guard capacity > 0 else { return 0 }
    let now = clock.unixNanoseconds
    if book.withLock({ $0.hasOverdue(now: now) }) { try await renew() }
    book.withLock { $0.claimBegins() }
    let leaseUntil = settings.lease.after(now)
    let leases = try await queue.claim(capacity, worker: worker, leaseUntil: leaseUntil, now: now)
    for lease in leases { observe(.claimed(lease)) }
    for entry in book.withLock({ $0.take(leases) }) { start(entry) }
    return leases.count
  }

  // MARK: Leases

  private func renewLeases() async {
    var failures = 0
    while !book.withLock({ $0.isClosed }) {
      let pause =
        failures == 0 ? settings.renewEvery : book.withLock { $0.storeDelay(afterFailures: failures) }
      await renewalBell.wait(atMost: pause, on: clock)
      do {
        try await renew()
        failures = 0
      } catch {
        failures += 1
        observe(.storeFailed(error, doing: "renewing leases"))
        let now = clock.unixNanoseconds
        tellLost(book.withLock { $0.expire(now: now) })
      }
    }
  }

  private func renew() async throws(StoreError) {
    let tokens = book.withLock { $0.isClosed ? [] : $0.held }
    guard !tokens.isEmpty else { return }
    let time = settings.lease.after(clock.unixNanoseconds)
    let lost = try await queue.renew(tokens, until: time)
    tellLost(book.withLock { $0.renewed(tokens, until: time, lost: lost) })
    for job in try await queue.cancelled(among: tokens.map(\.job)) { cancel(job: job) }
  }

  private func tellLost(_ entries: [DispatchBook.Entry]) {
    for entry in entries {
      entry.control.give(.stopStoring)
      observe(.leaseLost(entry.lease.job))
    }
    if !entries.isEmpty { bell.ring() }
  }

  /// An attempt begins to be run or settled; ``attemptEnded(_:nextAt:)`` follows.
  func attemptBegins() { underWay.add(1, ordering: .acquiringAndReleasing) }

  /// - Parameter time: when the queue will have something because of it.
  func attemptEnded(_ token: LeaseToken, nextAt time: UInt64? = nil) {
    book.withLock { $0.forget(token) }
    if let time { releaseAt.withLock { $0 = min($0, time) } }
    bell.ring()
    underWay.subtract(1, ordering: .acquiringAndReleasing)
  }

  func until(_ time: UInt64) -> Duration {
    let now = clock.unixNanoseconds
    return time > now ? .nanoseconds(Int64(clamping: time - now)) : .zero
  }
}
