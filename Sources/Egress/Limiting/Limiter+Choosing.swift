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

  /// The line whose first request is to go now, nil when none can.
  mutating func next(at number: Int, now: UInt64) -> Int? {
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
  func obstacle(to line: LineKey, id: UInt64? = nil, now: UInt64) -> Obstacle? {
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
  func keptDesks(from id: UInt64?) -> [Int] {
    guard let insistent, insistent != id, let waiter = waiters[insistent] else { return [] }
    return lines[waiter.line]?.key.desks ?? []
  }

  /// Keeps no place any longer for one who waits for a time, not for the end of exchanges.
  mutating func releaseKept(now: UInt64) -> [Release] {
    guard let kept = insistent, let waiter = waiters[kept], let key = lines[waiter.line]?.key,
      key.desks.contains(where: { desks[$0]?.bucket.block(now: now, isWrite: key.isWrite)?.wakes != nil })
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

  /// How many of those who wait at a desk go before the next of a line: those that nothing else keeps.
  func ahead(of line: LineKey, at number: Int, now: UInt64) -> Int {
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

  func reason(of obstacle: Obstacle) -> String {
    obstacle.block.reason(bucket: desks[obstacle.desk]?.key.bucket ?? "")
  }
}
