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
    /// Lanes take turns.
    var lane: LimitLane
    var priority: OperationScope.Priority
    /// Quotas hold only these.
    var isWrite: Bool
    /// Nanoseconds since 1970; a wait that certainly lasts longer is refused at once.
    var giveUpAt: UInt64
  }

  /// Places held; returned once.
  struct Permit: Sendable, Equatable {
    var tickets: [Int: LimitBucket.Ticket] = [:]
    var isWrite = false
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

  struct Desk: Sendable {
    var key: LimitKey
    var bucket: LimitBucket
    var queue = LimitQueue()
  }

  struct LineKey: Sendable, Hashable {
    var desks: [Int]
    var lane: LimitLane
    var priority: OperationScope.Priority
    var isWrite: Bool
  }

  struct Line: Sendable {
    var key: LineKey
    var requests: [UInt64] = []
    /// How often another went although it was the turn of its first.
    var passed = 0
  }

  struct Waiter: Sendable {
    var line: Int
    var giveUpAt: UInt64
  }

  /// Who is passed so often gets places kept.
  static let patience = 16
  /// Nanoseconds.
  static let sweepPause: UInt64 = 60 * 1_000_000_000

  var desks: [Int: Desk] = [:]
  var numbers: [LimitKey: Int] = [:]
  var lines: [Int: Line] = [:]
  var lineNumbers: [LineKey: Int] = [:]
  var waiters: [UInt64: Waiter] = [:]
  /// When to look at a desk again.
  var wakes: [Int: UInt64] = [:]
  var nextNumber = 0
  /// The request that a place is kept for everywhere.
  var insistent: UInt64?
  var sweepAt = 256
  var sweptAt: UInt64 = 0

  /// When `tick` has something to do, nanoseconds since 1970; nil while nobody waits for a time.
  var nextWake: UInt64? { wakes.values.min() }

  /// Asks for places; whoever is admitted or waits must be ended with `leave` or `giveUp`.
  ///
  /// - Returns: also others, whose wait turned out to be over.
  mutating func enter(_ request: Request, now: UInt64) -> (Verdict, [Release]) {
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
      forgetIdle(numbers, now: now)
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
    forgetIdle(numbers, now: now)
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
    forgetIdle(desks, now: now)
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
      .flatMap { $0.bucket.states($0.key, waiting: waiting(in: $0.queue), now: now) }
  }

  private func waiting(in queue: LimitQueue) -> [OperationScope.Priority: Int] {
    var waiting: [OperationScope.Priority: Int] = [:]
    for number in queue.lines {
      guard let line = lines[number] else { continue }
      waiting[line.key.priority, default: 0] += line.requests.count
    }
    return waiting
  }

  /// Some place is kept free for one that waited long.
  var keepsPlaces: Bool { insistent != nil }

  /// Exchanges that may be under way at once, nil for a bucket nobody uses.
  func allowed(_ key: LimitKey) -> Int? { numbers[key].flatMap { desks[$0]?.bucket.allowed } }
}
