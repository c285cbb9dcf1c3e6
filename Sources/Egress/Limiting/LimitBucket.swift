internal import Manifest
internal import Ports

/// One bucket's rules and what they know; everything that is declared holds at once.
struct LimitBucket: Sendable {
  /// What an admitted request gives back.
  struct Ticket: Sendable, Equatable {
    fileprivate var round: Int
    fileprivate var isProbe: Bool
  }

  /// No refusal closes a bucket for longer, because it may speak of less than the whole bucket.
  static let longestHold = Duration.seconds(300)

  let declared: Limits.Bucket
  private(set) var running = 0
  private var concurrency: ConcurrencyRule?
  private var rate: RateRule?
  private var remaining: RemainingRule?
  private var usage: UsageRule?
  private var quota: QuotaRule?
  /// The platform refused, and asked to be left alone until then.
  private var hold: UInt64?

  init(_ declared: Limits.Bucket) {
    self.declared = declared
    let isBounded = declared.concurrent != nil || declared == .undeclared
    concurrency = isBounded ? ConcurrencyRule(limit: declared.concurrent) : nil
    rate = declared.rate.map(RateRule.init)
    remaining = declared.remaining.map { _ in RemainingRule() }
    usage = declared.usage.map(UsageRule.init)
    quota = declared.quota.map { _ in QuotaRule() }
  }

  /// It knows nothing that a new one would not know.
  var isIdle: Bool {
    running == 0 && hold == nil && concurrency?.isIdle ?? true && rate?.isIdle ?? true
      && remaining?.isIdle ?? true && usage?.isIdle ?? true && quota?.isIdle ?? true
  }

  /// Places that can be counted, for keeping one of them.
  var room: Int { min(concurrency?.room ?? .max, rate?.room ?? .max) }

  /// When time alone gives the next place back.
  var nextRelease: UInt64? { rate?.nextRelease }

  /// Exchanges that may be under way at once; nil for no bound.
  var allowed: Int? { concurrency.flatMap { $0.limit == nil && !$0.isSlowed ? nil : $0.allowed } }

  /// Lets go of what time has made untrue; must precede `block` at a later time.
  mutating func refresh(now: UInt64) {
    if let until = hold, until <= now { hold = nil }
    if let until = hold, until > Self.longestHold.after(now) { hold = Self.longestHold.after(now) }
    concurrency?.refresh(now: now)
    rate?.refresh(now: now)
    remaining?.refresh(now: now)
    usage?.refresh(now: now)
    quota?.refresh(now: now)
  }

  /// What keeps a request from going now, nil when nothing does.
  ///
  /// - Parameter ahead: how many others certainly go first.
  func block(now: UInt64, isWrite: Bool, ahead: Int = 0) -> LimitBlock? {
    let blocks = blocks(now: now, isWrite: isWrite, ahead: ahead)
    guard var worst = blocks.first else { return nil }
    for block in blocks where block.earliest > worst.earliest { worst = block }
    worst.wakes = blocks.compactMap(\.wakes).max()
    worst.isCrowded = blocks.allSatisfy(\.isCrowded)
    return worst
  }

  mutating func admit(now: UInt64, isWrite: Bool) -> Ticket {
    running += 1
    concurrency?.admit()
    rate?.admit()
    remaining?.admit()
    let isProbe = usage?.admit(now: now) ?? false
    if isWrite { quota?.admit() }
    return Ticket(round: concurrency?.round ?? 0, isProbe: isProbe)
  }

  mutating func finish(
    _ ticket: Ticket, isWrite: Bool, _ ending: LimitEnding, told: LimitReading, now: UInt64
  ) {
    running -= 1
    concurrency?.finish(ending.pace, round: ticket.round, now: now)
    rate?.finish(wasSent: ending.wasSent, now: now)
    remaining?.finish(
      told.remaining, wasSent: ending.wasSent, hasAnswered: ending.hasAnswered, now: now)
    usage?.finish(told.usage, isProbe: ticket.isProbe, now: now)
    quota?.finish(isWrite: isWrite, isUndone: ending.isUndone)
    if let reading = told.quota { quota?.note(reading, now: now) }
  }

  func ratePlaces(now: UInt64) -> [RateCount.Places] { rate?.places(now: now) ?? [] }

  mutating func take(_ places: [RateCount.Places], now: UInt64) { rate?.take(places, now: now) }

  /// Closes the bucket: the platform refused for so long.
  mutating func close(for wait: Duration, now: UInt64) {
    hold = max(hold ?? 0, min(wait, Self.longestHold).after(now))
  }

  private func blocks(now: UInt64, isWrite: Bool, ahead: Int) -> [LimitBlock] {
    var blocks: [LimitBlock] = []
    if let hold, hold > now { blocks.append(LimitBlock(cause: .rateLimited, earliest: hold, wakes: hold)) }
    if let block = concurrency?.block(now: now) { blocks.append(block) }
    if let block = rate?.block(now: now, ahead: ahead) { blocks.append(block) }
    if let block = remaining?.block(now: now, ahead: ahead) { blocks.append(block) }
    if let block = usage?.block(now: now, ahead: ahead) { blocks.append(block) }
    if isWrite, let block = quota?.block(now: now) { blocks.append(block) }
    return blocks
  }
}

extension Limits.Bucket {
  /// Stands in where no bucket of a request bounds what is under way: the platform's refusals do.
  static let undeclared = Limits.Bucket(scope: .account)
}

extension LimitBucket {
  /// What each rule knows now, for people.
  func states(
    _ key: LimitKey, waiting: [OperationScope.Priority: Int] = [:], now: UInt64
  ) -> [BucketState] {
    var states: [BucketState] = []
    let closed = hold.flatMap { $0 > now ? $0 : nil }
    func tell(
      _ kind: BucketState.Kind, _ source: BucketState.Source, inUse: Int, allowed: Int?, limit: Int?,
      window: Duration? = nil, resets: UInt64? = nil, _ block: LimitBlock?
    ) {
      let free = max(closed ?? 0, block.map { $0.earliest > now ? $0.earliest : $0.wakes ?? 0 } ?? 0)
      states.append(
        BucketState(
          name: key.bucket, scope: declared.scope, subject: key.subject, kind: kind, source: source,
          inUse: inUse, allowed: allowed, limit: limit, window: window,
          resets: resets.flatMap { $0 > now ? $0 : nil }, running: running, waiting: waiting,
          nextFree: free > now ? free : nil, closedUntil: closed))
    }
    if let concurrency, let allowed {
      tell(
        .concurrency, concurrency.isSlowed ? .refusals : .manifest, inUse: concurrency.running,
        allowed: allowed, limit: concurrency.limit, concurrency.block(now: now))
    }
    if let rate {
      tell(
        .rate, .manifest, inUse: rate.used, allowed: rate.count, limit: rate.count,
        window: declared.rate?.window, resets: rate.lastRelease, rate.block(now: now, ahead: 0))
    }
    if let remaining {
      tell(
        .remaining, .headers, inUse: remaining.running, allowed: remaining.left, limit: remaining.capacity,
        resets: remaining.resets,
        remaining.block(now: now, ahead: 0))
    }
    if let usage {
      tell(
        .usage, .headers, inUse: usage.percent, allowed: usage.stopAt, limit: 100, resets: usage.holdsUntil,
        usage.block(now: now, ahead: 0))
    }
    if let quota {
      tell(
        .quota, .bodies, inUse: quota.used, allowed: quota.total, limit: quota.total,
        quota.block(now: now))
    }
    return states
  }
}
