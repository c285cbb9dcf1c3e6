internal import ConnectorModel
internal import Manifest
internal import Ports

// From an effect that was pushed to its result in the inbox. A write of a recorded operation passes the journal
// twice: its intent before it is performed, its result before it is delivered.
extension OperationMachine {
  func isOutstanding(_ effect: UInt64) -> Bool { outstanding.contains { $0.id == effect } }

  /// The frozen clock of the turn that pushed an outstanding effect.
  func pushTime(of effect: UInt64) -> UInt64 {
    outstanding.first { $0.id == effect }?.pushed.pushedAt ?? now
  }

  // MARK: Starting

  mutating func startQueued() -> [Action] {
    var actions: [Action] = []
    while !queued.isEmpty, outstanding.count < limits.parallel {
      var next = queued.removeFirst()
      if next.isWrite, journal != nil {
        journal?.intend(JournalIntent(effect: next.id, fingerprint: next.fingerprint))
        outstanding.append(OutstandingEffect(pushed: next, state: .intended))
      } else {
        guard let effect = next.rest(at: now) else { continue }
        actions.append(.perform(next.id, effect))
        // Only a recorded operation waits for what was put off, and only timers are looked at again.
        if journal == nil, next.due == nil { next.effect = nil }
        outstanding.append(OutstandingEffect(pushed: next, state: .underWay))
      }
    }
    // Its memory, too.
    if queued.isEmpty { queued = [] }
    return actions
  }

  mutating func giveUp(_ id: UInt64) -> [Action] {
    // 0 is the host's own CANCEL event, which is not the connector's to give up.
    guard id != 0 else { return [] }
    queued.removeAll { $0.id == id }
    inbox.removeAll { $0.effect == id }
    guard let effect = takeOutstanding(id) else { return [] }
    switch effect.state {
    case .intended:
      journal?.postpone(id, until: 0)
      return []
    case .settling: return []
    case .postponed: return [.cancel(id)]
    case .underWay:
      // Its answer will not be waited for, and it may have taken effect.
      if effect.pushed.isWrite { report.performedWrite = true }
      return [.cancel(id)]
    }
  }

  private mutating func takeOutstanding(_ id: UInt64) -> OutstandingEffect? {
    outstanding.firstIndex { $0.id == id }.map { outstanding.remove(at: $0) }
  }

  // MARK: Results

  /// Takes the result of an effect; one that was given up is dropped.
  mutating func arrived(_ event: Event, performed: PerformedHTTP? = nil) -> [Action] {
    guard phase != .ended else { return [] }
    // Also of effects that were given up: they did what they did.
    if let performed { account(performed) }
    if ending.settle(event.effect, mayHaveWritten: performed?.performedWrite ?? true) { return endHeld() }
    guard let index = outstanding.firstIndex(where: { $0.id == event.effect && $0.state == .underWay }) else {
      return []
    }
    if outstanding[index].pushed.isWrite { noteAnswer(event) }
    if outstanding[index].pushed.isWrite, journal != nil {
      outstanding[index].state = .settling
      journal?.settle(JournalResult(event, performedWrite: performed?.performedWrite ?? true))
      return nextAppend()
    }
    outstanding.remove(at: index)
    inbox.append(event)
    return proceed()
  }

  /// Notes that a write has a result, and whether that leaves it open what became of it.
  mutating func noteAnswer(_ event: Event) {
    answeredWrites.insert(event.effect)
    if case .http(let answer) = event.kind, answer.outcome == .unknownOutcome { ending.isUnresolved = true }
  }

  /// A limit or an outage asks for more patience than a running operation has; the effect was not carried out.
  mutating func postponed(
    _ effect: UInt64, until: UInt64, now: UInt64, performed: PerformedHTTP
  ) -> [Action] {
    guard phase != .ended else { return [] }
    account(performed)
    self.now = max(self.now, now)
    if ending.settle(effect, mayHaveWritten: false) { return endHeld() }
    guard let index = outstanding.firstIndex(where: { $0.id == effect && $0.state == .underWay }) else {
      return []
    }
    if outstanding[index].pushed.isWrite { journal?.postpone(effect, until: until) }
    if ending.isSuspending {
      outstanding.remove(at: index)
      return proceed()
    }
    outstanding[index].state = .postponed(until, performed.waitCause)
    let wait = Duration.nanoseconds(Int64(clamping: until > now ? until - now : 0))
    return [.wake(effect, after: wait)] + proceed()
  }

  /// The time of a postponed effect has come while the operation still runs.
  mutating func woke(_ effect: UInt64) -> [Action] {
    guard let index = outstanding.firstIndex(where: { $0.id == effect }),
      case .postponed = outstanding[index].state
    else { return [] }
    queued.insert(outstanding.remove(at: index).pushed, at: 0)
    return proceed()
  }

  /// The driver found that an effect was given up before it was started.
  mutating func notStarted(_ effect: UInt64) -> [Action] {
    ending.settle(effect, mayHaveWritten: false) ? endHeld() : []
  }

  private mutating func account(_ performed: PerformedHTTP) {
    report.requests += performed.requests
    report.waits += performed.waits
    report.networkTime += performed.network
    report.tokenTime += performed.token
    if performed.performedWrite { report.performedWrite = true }
  }

  // MARK: The journal

  mutating func nextAppend() -> [Action] {
    guard let entries = journal?.next() else { return [] }
    return [.append(entries)]
  }

  /// What became of the append under way.
  mutating func appended(_ verdict: JournalVerdict, took time: Duration = .zero) -> [Action] {
    guard phase != .ended else { return [] }
    report.journalTime += time
    switch verdict {
    case .fenced: return decide(.fenced)
    case .failed(let why):
      let mayHaveWritten = report.performedWrite || outstanding.contains(where: \.isWriting)
      return decide(
        .failed(
          OperationError(
            .internal, "the journal could not be stored, so nothing more was sent: \(why)",
            retry: mayHaveWritten ? .unknownOutcome : .safe)))
    case .stored: return followStored()
    }
  }

  private mutating func followStored() -> [Action] {
    var actions: [Action] = []
    for follower in journal?.stored() ?? [] {
      switch follower {
      case .perform(let id):
        guard let index = outstanding.firstIndex(where: { $0.id == id && $0.state == .intended }) else {
          continue
        }
        guard let effect = outstanding[index].pushed.effect else { continue }
        outstanding[index].state = .underWay
        actions.append(.perform(id, effect))
      case .deliver(let event):
        if takeOutstanding(event.effect) != nil { inbox.append(event) }
      }
    }
    guard case .leaving(let outcome) = phase else { return actions + proceed() }
    return actions + (journal?.isStored == true ? end(outcome) : nextAppend())
  }
}
