internal import Manifest
internal import Ports

/// The books: desks that come and go, lines, places given.
extension Limiter {
  mutating func open(_ claim: LimitClaim) -> Int {
    if let known = numbers[claim.key] { return known }
    nextNumber += 1
    numbers[claim.key] = nextNumber
    desks[nextNumber] = Desk(key: claim.key, bucket: LimitBucket(claim.declared))
    return nextNumber
  }

  mutating func take(_ numbers: [Int], isWrite: Bool, now: UInt64) -> Permit {
    var permit = Permit(isWrite: isWrite)
    for number in numbers {
      permit.tickets[number] = desks[number]?.bucket.admit(now: now, isWrite: isWrite)
    }
    return permit
  }

  mutating func wait(_ request: Request, _ key: LineKey) {
    let line = lineNumbers[key] ?? nextNumber + 1
    if lines[line] == nil {
      nextNumber = line
      lineNumbers[key] = line
      lines[line] = Line(key: key)
      for number in key.desks { desks[number]?.queue.open(line: line) }
    }
    lines[line]?.requests.append(request.id)
    waiters[request.id] = Waiter(line: line, giveUpAt: request.giveUpAt)
    for number in key.desks {
      desks[number]?.queue.join(request.lane)
    }
  }

  mutating func remove(_ id: UInt64) {
    guard let waiter = waiters[id], let key = lines[waiter.line]?.key else { return }
    for number in key.desks { desks[number]?.queue.quit(key.lane) }
    drop(id, from: waiter.line)
  }

  mutating func drop(_ id: UInt64, from line: Int) {
    waiters[id] = nil
    if insistent == id { insistent = nil }
    if lines[line]?.requests.first == id { lines[line]?.passed = 0 }
    if let place = lines[line]?.requests.firstIndex(of: id) { lines[line]?.requests.remove(at: place) }
    guard let rest = lines[line], rest.requests.isEmpty else { return }
    lines[line] = nil
    lineNumbers[rest.key] = nil
    for number in rest.key.desks { desks[number]?.queue.close(line: line) }
  }

  /// Refuses those for whom the desk certainly opens too late.
  mutating func expel(_ number: Int, now: UInt64) -> [Release] {
    var released: [Release] = []
    for line in desks[number]?.queue.lines ?? [] {
      guard let key = lines[line]?.key,
        let block = desks[number]?.bucket.block(now: now, isWrite: key.isWrite), block.earliest > now
      else { continue }
      let refusal = Refusal(
        reason: reason(of: (number, block)), wait: .nanoseconds(Int64(clamping: block.earliest - now)))
      for id in lines[line]?.requests ?? [] where waiters[id].map({ $0.giveUpAt < block.earliest }) ?? false {
        let wasKept = id == insistent
        remove(id)
        released.append(Release(id: id, result: .refused(refusal)))
        if wasKept { released += key.desks.flatMap { pump($0, now: now) } }
      }
    }
    setWake(number, now: now)
    return released
  }

  /// Closes what a refusal speaks of: nobody says, so the narrowest of the buckets that the request passed.
  mutating func close(_ numbers: [Int], for wait: Duration, now: UInt64) {
    let scopes: [Limits.Bucket.Scope] = [.endpoint, .account, .app]
    let declared = numbers.filter { desks[$0]?.bucket.declared != .undeclared }
    let closing = declared.isEmpty ? numbers : declared
    let present = closing.compactMap { desks[$0]?.bucket.declared.scope }
    guard let narrowest = scopes.first(where: present.contains) else { return }
    for number in closing where desks[number]?.bucket.declared.scope == narrowest {
      desks[number]?.bucket.close(for: wait, now: now)
    }
  }

  mutating func setWake(_ number: Int, now: UInt64) {
    guard let desk = desks[number], !desk.queue.lines.isEmpty else {
      wakes[number] = nil
      return
    }
    var times = [true, false].compactMap { desk.bucket.block(now: now, isWrite: $0)?.wakes }
    // With a place kept the bucket is not full, and yet the next place lets somebody in.
    if keptDesks(from: nil).contains(number), let next = desk.bucket.nextRelease { times.append(next) }
    wakes[number] = times.min()
  }

  mutating func forgetIdle(_ numbers: [Int], now: UInt64) {
    for number in numbers { forgetIfIdle(number, now: now) }
    // What time makes idle is found when there is much, or now and then.
    guard desks.count >= sweepAt || now &- sweptAt > Self.sweepPause else { return }
    sweptAt = now
    for number in Array(desks.keys) { forgetIfIdle(number, now: now) }
    sweepAt = max(256, 2 * desks.count)
  }

  mutating func forgetIfIdle(_ number: Int, now: UInt64) {
    desks[number]?.bucket.refresh(now: now)
    guard let desk = desks[number], desk.bucket.isIdle, desk.queue.lines.isEmpty else { return }
    desks[number] = nil
    numbers[desk.key] = nil
    wakes[number] = nil
  }
}
