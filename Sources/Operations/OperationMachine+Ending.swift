internal import ConnectorModel
internal import Manifest
internal import Ports

// The ways to an end that are not the connector's own.
extension OperationMachine {
  // MARK: Stopping

  /// Somebody wants the operation to end, or its deadline has passed.
  ///
  /// A write under way is given up and makes the outcome unknown, unless it tells in time that nothing was sent.
  mutating func cancel(_ code: OutcomeCode, _ message: String) -> [Action] {
    guard isGoingOn, ending.stopping == nil else { return [] }
    if replay?.next != nil {
      ending.awaitingStop = ending.awaitingStop ?? JournalStop(code, message)
      return []
    }
    ending.isSuspending = false
    let error = OperationError(code, message)
    ending.stopping = error
    ending.giveUp(outstanding.filter(\.isWriting).map(\.id))
    // Its result will not reach the connector any more.
    if outstanding.contains(where: { $0.state == .settling }) { ending.loseSight() }
    takeIntentsBack()
    let answers = inbox.filter { answeredWrites.contains($0.effect) }
    var actions = dropEffects()
    if !ending.isSettled || (wantsCleanup && (isAlive || phase == .inTurn)) {
      actions.append(.startGrace(Self.grace))
    }
    guard wantsCleanup, isAlive || phase == .inTurn else {
      // A turn that is under way on another thread ends the operation when it comes back.
      return phase == .inTurn ? actions : actions + conclude(.failed(error))
    }
    inbox = answers + [Event(effect: 0, .cancel)]
    return actions + proceed()
  }

  /// The grace time is over.
  mutating func graceEnded() -> [Action] {
    guard isGoingOn, let stopping = ending.stopping else { return [] }
    ending.isOutOfGrace = true
    return phase == .inTurn ? [] : end(ending.held ?? .failed(stopping))
  }

  /// The connector did not come back from a turn, of this operation or another: nothing may be called on it again.
  ///
  /// - Parameter isOwnFault: it was this operation; another one is as good as it was unless it wrote.
  mutating func abandon(_ error: OperationError, isOwnFault: Bool = true) -> [Action] {
    guard phase != .ended else { return [] }
    var error = error
    if !isOwnFault, !mayHaveWritten { error.retry = .safe }
    // During a turn the driver has the operation, and forgets it when the turn comes back.
    let mustForget = isAlive && phase != .inTurn
    isAlive = false
    return (mustForget ? [.abandonConnector] : []) + stop(error)
  }

  private var mayHaveWritten: Bool {
    report.performedWrite || ending.mayHaveWritten || ending.isUnresolved
      || outstanding.contains { $0.isWriting || $0.state == .settling }
  }

  private var isGoingOn: Bool {
    switch phase {
    case .leaving, .ended: false
    case .idle, .scheduled, .inTurn: ending.decided == nil
    }
  }

  // MARK: Putting aside

  /// The host stops: no turn is begun, and only writes that were sent are waited for.
  mutating func suspend() -> [Action] {
    guard isGoingOn, ending.stopping == nil, !ending.isSuspending else { return [] }
    ending.isSuspending = true
    takeIntentsBack()
    let kept = outstanding.filter { $0.isWriting || $0.state == .settling }
    let dropped = outstanding.filter { effect in !kept.contains { $0.id == effect.id } }
    outstanding = kept
    return dropped.map { .cancel($0.id) } + proceed()
  }

  /// Ends a suspended operation once its writes are told and everything is stored.
  mutating func settleSuspension() -> [Action] {
    guard phase == .idle || phase == .scheduled, outstanding.isEmpty else { return nextAppend() }
    return leave(.suspended)
  }

  /// Parks an operation that has nothing to do but wait, and for long.
  mutating func parkIfWaiting() -> [Action] {
    guard journal != nil, ending.stopping == nil, queued.isEmpty, let (until, cause) = longWait else {
      return []
    }
    // An outage is no answer of a platform: what waits for its end has not failed, whether it wrote or not.
    if report.performedWrite || cause != .limit { return leave(.parked(until: until, cause: cause)) }
    let wait = Duration.nanoseconds(Int64(clamping: until > now ? until - now : 0))
    return end(
      .failed(
        OperationError(
          .rateLimited, "it has to wait \(wait.words), longer than a running operation may",
          retry: .after(wait))))
  }

  /// When the first of what the operation waits for is due; nil unless all of it is a long way off.
  private var longWait: (until: UInt64, cause: WaitCause)? {
    var first: (until: UInt64, cause: WaitCause)?
    for effect in outstanding {
      let wait: (until: UInt64, cause: WaitCause)
      if case .postponed(let until, let cause) = effect.state {
        wait = (until, cause)
      } else if let timer = effect.pushed.due, timer > limits.park.after(now) {
        wait = (timer, .limit)
      } else {
        return nil
      }
      if wait.until < first?.until ?? .max { first = wait }
    }
    return first
  }

  private mutating func leave(_ outcome: OperationReport.Outcome) -> [Action] {
    // What never intended a write starts afresh: nothing has to be stored.
    guard var journal, journal.hasIntent || report.performedWrite, !journal.isStored else {
      return end(outcome)
    }
    journal.storeAll()
    self.journal = journal
    phase = .leaving(outcome)
    return nextAppend()
  }

  // MARK: Ends

  /// Ends the operation now, or when the turn under way comes back, whatever that pushes.
  mutating func decide(_ outcome: OperationReport.Outcome) -> [Action] {
    guard phase == .inTurn else { return end(outcome) }
    if outstanding.contains(where: \.isWriting) { report.performedWrite = true }
    ending.decided = outcome
    return dropEffects()
  }

  /// The host ends it, with what it knows of its writes and the connector does not answer any more.
  mutating func stop(_ error: OperationError) -> [Action] {
    var error = ending.stopping ?? error
    if ending.isUnresolved, ending.stopping == nil {
      error = OperationError(
        .unknownOutcome, "\(error.message) before it could tell what became of a request",
        retry: .unknownOutcome)
    }
    return end(.failed(error))
  }

  /// Ends the operation, once the writes that the host gave up have told what they did.
  mutating func conclude(_ outcome: OperationReport.Outcome) -> [Action] {
    guard case .failed = outcome, !ending.isSettled, !ending.isOutOfGrace else { return end(outcome) }
    ending.held = outcome
    // A turn that was due has nothing left to deliver.
    if phase == .scheduled { phase = .idle }
    return []
  }

  mutating func endHeld() -> [Action] {
    guard let held = ending.held else { return [] }
    return end(held)
  }

  mutating func end(_ outcome: OperationReport.Outcome) -> [Action] {
    if outstanding.contains(where: \.isWriting) || ending.mayHaveWritten { report.performedWrite = true }
    let dropped = dropEffects()
    phase = .ended
    report.outcome = reasoned(outcome)
    return dropped + (isAlive ? [.endConnector] : []) + [.report(report.outcome)]
  }

  /// What a stop means for whoever asks whether to try again.
  private func reasoned(_ outcome: OperationReport.Outcome) -> OperationReport.Outcome {
    guard let stopping = ending.stopping, case .failed(var error) = outcome else { return outcome }
    if ending.mayHaveWritten || ending.isUnresolved {
      error.code = .unknownOutcome
      // Before what the connector told besides.
      let told = error.message.dropFirst(
        error.message.hasPrefix(stopping.message) ? stopping.message.count : 0)
      error.message = "\(stopping.message) while a request was under way that may have taken effect\(told)"
      error.retry = .unknownOutcome
    } else if report.performedWrite, !ending.hasCleanedUp {
      // What was written stands, and whether it is all that was wanted the host cannot tell.
      error.retry = .unknownOutcome
    } else if error.code == .timeout, !report.performedWrite {
      error.retry = .safe
    }
    return .failed(error)
  }

  private mutating func takeIntentsBack() {
    for effect in outstanding where effect.state == .intended { journal?.postpone(effect.id, until: 0) }
  }

  private mutating func dropEffects() -> [Action] {
    defer {
      outstanding = []
      queued = []
      inbox = []
    }
    return outstanding.map(\.id).sorted().map { .cancel($0) }
  }
}

extension OperationReport.Outcome {
  /// The outcome of an operation that the host stopped: a success stands; a failure says no more than the reason
  /// for the stop, and what the connector knows besides.
  func explaining(_ stop: OperationError) -> Self {
    guard case .failed(let told) = self else { return self }
    var error = stop
    if told.code != .cancelled || !told.detail.isEmpty { error.message += "; \(told.message)" }
    error.detail = told.detail
    return .failed(error)
  }
}
