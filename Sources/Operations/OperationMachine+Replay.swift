internal import ConnectorModel
internal import Ports

// The way back: recorded turns run again with what they were given, and nothing is performed; then the operation
// goes on from where the record ends.
extension OperationMachine {
  /// Gives the next turn what it was given.
  mutating func relive(_ turn: JournalTurn) {
    inbox = turn.events
    for event in turn.events where replay?.write(event.effect) != nil { noteAnswer(event) }
    queued.removeAll { effect in turn.events.contains { $0.effect == effect.id } }
    guard let stop = turn.stop, ending.stopping == nil else { return }
    ending.stopping = OperationError(stop.code, stop.message)
    // They were given up with the stop, and nobody has told since.
    if queued.contains(where: { replay?.write($0.id)?.mayHaveWritten == true }) { ending.loseSight() }
    queued = []
  }

  /// After a replayed turn: what comes of the effects that no recorded turn was told of, once there are no more.
  ///
  /// Results on record and the unknown outcomes of writes without one come back in one batch; everything else
  /// runs, afresh or for the rest of its time.
  mutating func goOnAfterReplay() -> [Action] {
    guard let replay, replay.next == nil, !ending.isSuspending else { return [] }
    var actions: [Action] = []
    var untouched: [PushedEffect] = []
    for effect in queued {
      switch replay.write(effect.id) {
      case .settled(let result):
        inbox.append(result.event)
        noteAnswer(result.event)
      case .unanswered:
        let event = Event.unknownOutcome(of: effect.id)
        inbox.append(event)
        noteAnswer(event)
        if ending.awaitingStop != nil { ending.loseSight() }
      case .postponed(let until) where until > now:
        outstanding.append(OutstandingEffect(pushed: effect, state: .postponed(until, .limit)))
        actions.append(.wake(effect.id, after: .nanoseconds(Int64(clamping: until - now))))
      case .postponed, nil: untouched.append(effect)
      }
    }
    queued = untouched
    inbox.sort { $0.effect < $1.effect }
    if ending.stopping != nil { actions.append(.startGrace(Self.grace)) }
    guard let stop = ending.awaitingStop else { return actions }
    return actions + cancel(stop.code, stop.message)
  }

  /// The connector does not do what it did: nobody can go on from its record, and none may begin again.
  mutating func stopDiffering(_ what: String) -> [Action] {
    report.differedOnReplay = true
    return end(
      .failed(
        OperationError(
          .unknownOutcome, "the connector broke rule S-6 when it was replayed: \(what)",
          retry: .unknownOutcome)))
  }
}

extension Event {
  fileprivate static func unknownOutcome(of effect: UInt64) -> Event {
    Event(
      effect: effect,
      .http(
        HTTPAnswer(
          outcome: .unknownOutcome,
          message: "the host stopped before an answer was stored; it may have taken effect, "
            + "so look before sending it again")))
  }
}
