internal import Manifest
internal import Ports

/// Who goes next.
extension Limiter {
  typealias Obstacle = (desk: Int, block: LimitBlock)

  /// Lets in, one after the other, everybody who may pass this desk now.
  mutating func pump(_ number: Int, now: UInt64) -> [Release] {
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

  typealias Candidate = (line: Int, rank: LimitQueue.Rank)

  /// The line whose first request is to go now, nil when none can.
  mutating func next(at number: Int, now: UInt64) -> Int? {
    guard let desk = desks[number], !desk.queue.lines.isEmpty else { return nil }
    let isClosed = [true, false].allSatisfy { desk.bucket.block(now: now, isWrite: $0) != nil }
    guard !isClosed else { return nil }
    var best: [OperationScope.Priority: Candidate] = [:]
    var blocked: [(line: Int, rank: LimitQueue.Rank)] = []
    for line in desk.queue.lines {
      guard let waiting = lines[line], let id = waiting.requests.first else { continue }
      let rank = desk.queue.rank(waiting.key.lane, arrival: id)
      if let known = best[waiting.key.priority], known.rank < rank { continue }
      for other in waiting.key.desks where other != number { desks[other]?.bucket.refresh(now: now) }
      if obstacle(to: waiting.key, id: id, now: now) == nil {
        best[waiting.key.priority] = (line, rank)
      } else {
        blocked.append((line, rank))
      }
    }
    guard let chosen = choose(best, at: number) else { return nil }
    for line in blocked where line.rank < chosen.rank { passOver(line.line, now: now) }
    return chosen.line
  }

  private mutating func choose(
    _ best: [OperationScope.Priority: Candidate], at number: Int
  ) -> Candidate? {
    guard let higher = best[.publishing] else { return best[.syncing] }
    guard let lower = best[.syncing] else { return higher }
    let isInOrder = desks[number]?.bucket.declared.prefersPublishing ?? true
    let isTurnOfLower =
      desks[number]?.queue.isTurnOfLower(higher.rank, lower.rank, inOrder: isInOrder) ?? false
    return isTurnOfLower ? lower : higher
  }

  /// Notes that another went although it was this line's turn; who is passed too often gets places kept.
  private mutating func passOver(_ number: Int, now: UInt64) {
    lines[number]?.passed += 1
    guard insistent == nil, let line = lines[number], line.passed >= Self.patience,
      isOnlyCrowded(line.key, now)
    else { return }
    insistent = line.requests.first
    for desk in line.key.desks { setWake(desk, now: now) }
  }

  /// Whether nothing but others keeps the line.
  private func isOnlyCrowded(_ line: LineKey, _ now: UInt64) -> Bool {
    line.desks.allSatisfy {
      desks[$0]?.bucket.block(now: now, isWrite: line.isWrite)?.isCrowded ?? true
    }
  }

  /// What keeps the first of a line from going, nil when nothing does.
  func obstacle(to line: LineKey, id: UInt64? = nil, now: UInt64) -> Obstacle? {
    var worst: Obstacle?
    let kept = keptDesks(from: id)
    for number in line.desks {
      guard let bucket = desks[number]?.bucket else { continue }
      var block = bucket.block(now: now, isWrite: line.isWrite)
      if block == nil, bucket.room == 1, kept.contains(number) {
        block = LimitBlock(cause: .concurrency, earliest: now, wakes: nil, isCrowded: true)
      }
      guard let block, block.earliest > worst?.block.earliest ?? 0 else { continue }
      worst = (number, block)
    }
    return worst
  }

  /// Where a place is kept for somebody else.
  func keptDesks(from id: UInt64?) -> [Int] {
    guard let insistent, insistent != id, let waiter = waiters[insistent] else { return [] }
    return lines[waiter.line]?.key.desks ?? []
  }

  /// Keeps no place any longer for one to whom a bucket is closed.
  mutating func releaseKept(now: UInt64) -> [Release] {
    guard let kept = insistent, let waiter = waiters[kept], let key = lines[waiter.line]?.key,
      !isOnlyCrowded(key, now)
    else { return [] }
    insistent = nil
    return key.desks.flatMap { pump($0, now: now) }
  }

  /// Nil when the wait may be short enough.
  func refusal(of line: LineKey, giveUpAt: UInt64, now: UInt64) -> Refusal? {
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

  /// How many of those who wait at a desk go before the next of a line: those that nothing else keeps, as far as
  /// there is room for them in their other buckets.
  func ahead(of line: LineKey, at number: Int, now: UInt64) -> Int {
    guard let queue = desks[number]?.queue else { return 0 }
    var lanes: [LimitLane: Int] = [:]
    var rooms: [Int: Int] = [:]
    for other in queue.lines {
      guard let waiting = lines[other], waiting.key.priority == line.priority else { continue }
      let isKept = waiting.key.desks.contains {
        $0 != number && desks[$0]?.bucket.block(now: now, isWrite: waiting.key.isWrite) != nil
      }
      guard !isKept else { continue }
      let others = waiting.key.desks.filter { !line.desks.contains($0) }
      for other in others where rooms[other] == nil { rooms[other] = desks[other]?.bucket.room ?? 0 }
      let count = others.compactMap { rooms[$0] }.reduce(waiting.requests.count, min)
      for other in others { rooms[other, default: 0] -= count }
      lanes[waiting.key.lane, default: 0] += count
    }
    // One who comes in joins at the end of the round; one who waits already gets as many turns as the others.
    let own = lanes[line.lane] ?? 0
    let turns = queue.has(line.lane) ? own : 1
    var tenants: [String: Int] = [:]
    for (lane, count) in lanes {
      let isWhole = lane.tenant != line.lane.tenant || lane == line.lane
      tenants[lane.tenant, default: 0] += isWhole ? count : min(turns, count)
    }
    let together = tenants[line.lane.tenant] ?? 0
    let rounds = queue.has(tenant: line.lane.tenant) ? together : 1
    return tenants.reduce(0) {
      $0 + ($1.key == line.lane.tenant ? together : min(rounds, $1.value))
    }
  }

  func reason(of obstacle: Obstacle) -> String {
    obstacle.block.reason(bucket: desks[obstacle.desk]?.key.bucket ?? "")
  }
}
