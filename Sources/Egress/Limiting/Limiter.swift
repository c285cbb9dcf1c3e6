internal import Manifest
internal import Ports

/// Who may be on the wire now: every bucket of one connector, and who waits for them.
///
/// A pure value; time comes in. A request takes all its buckets at once or waits. Requests that need the same buckets
/// stand in one line, and only the first of a line is looked at. Whoever could go is not kept waiting by one who
/// could not, except for the one that has waited longest while others passed: a place is kept for it in each of its
/// buckets until it has them all.
struct Limiter: Sendable {
  struct Request: Sendable {
    /// Grows with each request.
    var id: UInt64
    var claims: [LimitClaim]
    /// Lanes take turns: the connection.
    var lane: String
    var priority: OperationScope.Priority
    /// Quotas hold only these.
    var isWrite: Bool
    /// Nanoseconds since 1970; a wait that certainly lasts longer is refused at once.
    var giveUpAt: UInt64
  }

  /// Places held; returned once.
  struct Permit: Sendable, Equatable {
    fileprivate var tickets: [Int: LimitBucket.Ticket] = [:]
    fileprivate var isWrite = false

    /// For a request that needs none.
    static let none = Permit()
  }

  /// A wait that is longer than there is time for.
  struct Refusal: Sendable, Equatable {
    var reason: String
    /// How long the wait would be, at least.
    var wait: Duration
  }

  enum Verdict: Sendable, Equatable {
    case admitted(Permit)
    case refused(Refusal)
    case waits(reason: String)
  }

  /// A request whose wait is over.
  struct Release: Sendable, Equatable {
    enum Result: Sendable, Equatable {
      case admitted(Permit)
      case refused(Refusal)
    }

    var id: UInt64
    var result: Result
  }

  private struct Desk: Sendable {
    var key: LimitKey
    var bucket: LimitBucket
    var queue = LimitQueue()
  }

  private struct LineKey: Sendable, Hashable {
    var desks: [Int]
    var lane: String
    var priority: OperationScope.Priority
    var isWrite: Bool
  }

  private struct Line: Sendable {
    var key: LineKey
    var requests: [UInt64] = []
    /// How many requests had been admitted anywhere when its first began to be the first.
    var since: UInt64
  }

  private struct Waiter: Sendable {
    var line: Int
    var giveUpAt: UInt64
  }

  private var desks: [Int: Desk] = [:]
  private var numbers: [LimitKey: Int] = [:]
  private var lines: [Int: Line] = [:]
  private var lineNumbers: [LineKey: Int] = [:]
  private var waiters: [UInt64: Waiter] = [:]
  /// When to look at a desk again.
  private var wakes: [Int: UInt64] = [:]
  private var nextNumber = 0
  private var admissions: UInt64 = 0
  /// The request that a place is kept for everywhere.
  private var insistent: UInt64?
  private var sweepAt = 256

  /// When `tick` has something to do, nanoseconds since 1970; nil while nobody waits for a time.
  var nextWake: UInt64? { wakes.values.min() }

  /// Asks for places; whoever is admitted or waits must be ended with `leave` or `giveUp`.
  ///
  /// - Returns: also others, whose wait turned out to be over.
  mutating func enter(_ request: Request, now: UInt64) -> (Verdict, [Release]) {
    guard !request.claims.isEmpty else { return (.admitted(.none), []) }
    let numbers = request.claims.map { open($0) }
    for number in numbers { desks[number]?.bucket.refresh(now: now) }
    var released: [Release] = []
    // Time may have let others in who came before.
    for number in numbers where desks[number]?.queue.lines.isEmpty == false {
      released += pump(number, now: now)
    }
    let key = LineKey(
      desks: numbers, lane: request.lane, priority: request.priority, isWrite: request.isWrite)
    guard let obstacle = obstacle(to: key, now: now) else {
      return (.admitted(take(numbers, isWrite: request.isWrite, now: now)), released)
    }
    if let refusal = refusal(of: key, giveUpAt: request.giveUpAt, now: now) {
      forgetIdle(numbers)
      return (.refused(refusal), released)
    }
    wait(request, key)
    for number in numbers { setWake(number, now: now) }
    return (.waits(reason: reason(of: obstacle)), released)
  }

  /// Returns the places of an exchange that ended, or of a request that was not sent.
  mutating func leave(_ permit: Permit, _ ending: LimitEnding, now: UInt64) -> [Release] {
    for (number, ticket) in permit.tickets {
      guard let key = desks[number]?.key else { continue }
      desks[number]?.bucket.finish(
        ticket, isWrite: permit.isWrite, ending, told: ending.readings[key] ?? LimitReading(), now: now)
    }
    let numbers = permit.tickets.keys.sorted()
    if let hold = ending.hold { close(numbers, for: hold, now: now) }
    var released: [Release] = []
    for number in numbers { released += pump(number, now: now) }
    if ending.hold != nil || !ending.readings.isEmpty {
      for number in numbers { released += expel(number, now: now) }
    }
    released += releaseKept(now: now)
    forgetIdle(numbers)
    return released
  }

  /// Takes a waiting request out.
  ///
  /// - Returns: nil when it does not wait, else those who may go now.
  mutating func giveUp(_ id: UInt64, now: UInt64) -> [Release]? {
    guard let waiter = waiters[id], let desks = lines[waiter.line]?.key.desks else { return nil }
    remove(id)
    var released: [Release] = []
    for number in desks { released += pump(number, now: now) }
    forgetIdle(desks)
    return released
  }

  /// Lets in whom time lets in.
  mutating func tick(now: UInt64) -> [Release] {
    // None is due when the clock was set back; then every time is looked at again.
    let due = wakes.filter { $0.value <= now }.keys.sorted()
    let released = (due.isEmpty ? wakes.keys.sorted() : due).flatMap { pump($0, now: now) }
    return released + releaseKept(now: now)
  }

  /// What every bucket in use knows.
  mutating func states(now: UInt64) -> [BucketState] {
    for number in desks.keys { desks[number]?.bucket.refresh(now: now) }
    return desks.values.sorted { ($0.key.bucket, $0.key.subject) < ($1.key.bucket, $1.key.subject) }
      .flatMap { $0.bucket.states($0.key, waiting: $0.queue.count, now: now) }
  }

  /// Some place is kept free for one that waited long.
  var keepsPlaces: Bool { insistent != nil }

  /// Exchanges that may be under way at once, nil for a bucket nobody uses.
  func allowed(_ key: LimitKey) -> Int? { numbers[key].flatMap { desks[$0]?.bucket.allowed } }
}

// MARK: - Choosing

extension Limiter {
  private typealias Obstacle = (desk: Int, block: LimitBlock)

  /// Lets in, one after the other, everybody who may pass this desk now.
  private mutating func pump(_ number: Int, now: UInt64) -> [Release] {
    var released: [Release] = []
    desks[number]?.bucket.refresh(now: now)
    while let line = next(at: number, now: now), let id = lines[line]?.requests.first,
      let key = lines[line]?.key
    {
      for desk in key.desks { desks[desk]?.queue.serve(key.lane) }
      drop(id, from: line)
      released.append(
        Release(id: id, result: .admitted(take(key.desks, isWrite: key.isWrite, now: now))))
    }
    setWake(number, now: now)
    return released
  }

  /// The line whose first request is to go now, nil when none can.
  private mutating func next(at number: Int, now: UInt64) -> Int? {
    guard let desk = desks[number], !desk.queue.lines.isEmpty else { return nil }
    let isClosed = [true, false].allSatisfy { desk.bucket.block(now: now, isWrite: $0) != nil }
    guard !isClosed else { return nil }
    var best: [OperationScope.Priority: (line: Int, rank: LimitQueue.Rank)] = [:]
    var patient: (id: UInt64, since: UInt64)?
    for line in desk.queue.lines {
      guard let waiting = lines[line], let id = waiting.requests.first else { continue }
      let rank = desk.queue.rank(waiting.key.lane, arrival: id)
      if let known = best[waiting.key.priority], known.rank < rank { continue }
      for other in waiting.key.desks where other != number { desks[other]?.bucket.refresh(now: now) }
      if let obstacle = obstacle(to: waiting.key, id: id, now: now) {
        guard obstacle.block.wakes == nil, id != insistent else { continue }
        if waiting.since < patient?.since ?? .max { patient = (id, waiting.since) }
      } else {
        best[waiting.key.priority] = (line, rank)
      }
    }
    if insistent == nil, let patient, admissions - patient.since > 64 + 4 * UInt64(lines.count) {
      insistent = patient.id
    }
    guard let higher = best[.publishing] else { return best[.syncing]?.line }
    guard let lower = best[.syncing] else { return higher.line }
    let isTurnOfLower =
      desks[number]?.queue.isTurnOfLower(
        higher.rank, lower.rank, inOrder: desk.bucket.declared.prefersPublishing) ?? false
    return isTurnOfLower ? lower.line : higher.line
  }

  /// What keeps the first of a line from going, nil when nothing does.
  private func obstacle(to line: LineKey, id: UInt64? = nil, now: UInt64) -> Obstacle? {
    var worst: Obstacle?
    let kept = keptDesks(from: id)
    for number in line.desks {
      guard let bucket = desks[number]?.bucket else { continue }
      var block = bucket.block(now: now, isWrite: line.isWrite)
      if block == nil, bucket.room == 1, kept.contains(number) {
        block = LimitBlock(cause: .concurrency, earliest: now, wakes: nil)
      }
      guard let block, block.earliest > worst?.block.earliest ?? 0 else { continue }
      worst = (number, block)
    }
    return worst
  }

  /// Where a place is kept for somebody else.
  private func keptDesks(from id: UInt64?) -> [Int] {
    guard let insistent, insistent != id, let waiter = waiters[insistent] else { return [] }
    return lines[waiter.line]?.key.desks ?? []
  }

  /// Keeps no place any longer for one who waits for a time, not for the end of exchanges.
  private mutating func releaseKept(now: UInt64) -> [Release] {
    guard let kept = insistent, let waiter = waiters[kept], let key = lines[waiter.line]?.key,
      key.desks.contains(where: { desks[$0]?.bucket.block(now: now, isWrite: key.isWrite)?.wakes != nil })
    else { return [] }
    insistent = nil
    return key.desks.flatMap { pump($0, now: now) }
  }

  /// Nil when the wait may be short enough.
  private func refusal(of line: LineKey, giveUpAt: UInt64, now: UInt64) -> Refusal? {
    var worst: Obstacle?
    for number in line.desks {
      guard let bucket = desks[number]?.bucket, bucket.block(now: now, isWrite: line.isWrite) != nil else {
        continue
      }
      let ahead = ahead(of: line, at: number, now: now)
      guard let block = bucket.block(now: now, isWrite: line.isWrite, ahead: ahead),
        block.earliest > worst?.block.earliest ?? 0
      else { continue }
      worst = (number, block)
    }
    guard let worst, worst.block.earliest > giveUpAt else { return nil }
    return Refusal(
      reason: reason(of: worst),
      wait: .nanoseconds(Int64(clamping: worst.block.earliest - now)))
  }

  /// How many of those who wait at a desk go before the next of a line: those that nothing else keeps.
  private func ahead(of line: LineKey, at number: Int, now: UInt64) -> Int {
    guard let queue = desks[number]?.queue else { return 0 }
    var lanes: [String: Int] = [:]
    for other in queue.lines {
      guard let waiting = lines[other], waiting.key.priority == line.priority else { continue }
      let isKept = waiting.key.desks.contains {
        $0 != number && desks[$0]?.bucket.block(now: now, isWrite: waiting.key.isWrite) != nil
      }
      if !isKept { lanes[waiting.key.lane, default: 0] += waiting.requests.count }
    }
    let own = lanes[line.lane] ?? 0
    return lanes.reduce(0) { $0 + ($1.key == line.lane ? own : min(max(own, 1), $1.value)) }
  }

  private func reason(of obstacle: Obstacle) -> String {
    obstacle.block.reason(bucket: desks[obstacle.desk]?.key.bucket ?? "")
  }
}

// MARK: - Bookkeeping

extension Limiter {
  private mutating func open(_ claim: LimitClaim) -> Int {
    if let known = numbers[claim.key] { return known }
    nextNumber += 1
    numbers[claim.key] = nextNumber
    desks[nextNumber] = Desk(key: claim.key, bucket: LimitBucket(claim.declared))
    return nextNumber
  }

  private mutating func take(_ numbers: [Int], isWrite: Bool, now: UInt64) -> Permit {
    admissions += 1
    var permit = Permit(isWrite: isWrite)
    for number in numbers {
      permit.tickets[number] = desks[number]?.bucket.admit(now: now, isWrite: isWrite)
    }
    return permit
  }

  private mutating func wait(_ request: Request, _ key: LineKey) {
    let line = lineNumbers[key] ?? nextNumber + 1
    if lines[line] == nil {
      nextNumber = line
      lineNumbers[key] = line
      lines[line] = Line(key: key, since: admissions)
    }
    lines[line]?.requests.append(request.id)
    waiters[request.id] = Waiter(line: line, giveUpAt: request.giveUpAt)
    for number in key.desks {
      desks[number]?.queue.lines.insert(line)
      desks[number]?.queue.join(request.lane)
    }
  }

  private mutating func remove(_ id: UInt64) {
    guard let waiter = waiters[id], let key = lines[waiter.line]?.key else { return }
    for number in key.desks { desks[number]?.queue.quit(key.lane) }
    drop(id, from: waiter.line)
  }

  private mutating func drop(_ id: UInt64, from line: Int) {
    waiters[id] = nil
    if insistent == id { insistent = nil }
    if lines[line]?.requests.first == id { lines[line]?.since = admissions }
    if let place = lines[line]?.requests.firstIndex(of: id) { lines[line]?.requests.remove(at: place) }
    guard let rest = lines[line], rest.requests.isEmpty else { return }
    lines[line] = nil
    lineNumbers[rest.key] = nil
    for number in rest.key.desks { desks[number]?.queue.lines.remove(line) }
  }

  /// Refuses those for whom the desk certainly opens too late.
  private mutating func expel(_ number: Int, now: UInt64) -> [Release] {
    var released: [Release] = []
    for line in desks[number]?.queue.lines.sorted() ?? [] {
      guard let key = lines[line]?.key,
        let block = desks[number]?.bucket.block(now: now, isWrite: key.isWrite), block.earliest > now
      else { continue }
      let refusal = Refusal(
        reason: reason(of: (number, block)), wait: .nanoseconds(Int64(clamping: block.earliest - now)))
      for id in lines[line]?.requests ?? [] where waiters[id].map({ $0.giveUpAt < block.earliest }) ?? false {
        remove(id)
        released.append(Release(id: id, result: .refused(refusal)))
      }
    }
    setWake(number, now: now)
    return released
  }

  /// Closes what a refusal speaks of: nobody says, so the narrowest of the buckets that the request passed.
  private mutating func close(_ numbers: [Int], for wait: Duration, now: UInt64) {
    let scopes: [Limits.Bucket.Scope] = [.endpoint, .account, .app]
    let present = numbers.compactMap { desks[$0]?.bucket.declared.scope }
    guard let narrowest = scopes.first(where: present.contains) else { return }
    for number in numbers where desks[number]?.bucket.declared.scope == narrowest {
      desks[number]?.bucket.close(for: wait, now: now)
    }
  }

  private mutating func setWake(_ number: Int, now: UInt64) {
    guard let desk = desks[number], !desk.queue.lines.isEmpty else {
      wakes[number] = nil
      return
    }
    let times = [true, false].compactMap { desk.bucket.block(now: now, isWrite: $0)?.wakes }
    wakes[number] = times.min()
  }

  private mutating func forgetIdle(_ numbers: [Int]) {
    for number in numbers { forgetIfIdle(number) }
    guard desks.count >= sweepAt else { return }
    for number in Array(desks.keys) { forgetIfIdle(number) }
    sweepAt = max(256, 2 * desks.count)
  }

  private mutating func forgetIfIdle(_ number: Int) {
    guard let desk = desks[number], desk.bucket.isIdle, desk.queue.lines.isEmpty else { return }
    desks[number] = nil
    numbers[desk.key] = nil
    wakes[number] = nil
  }
}
