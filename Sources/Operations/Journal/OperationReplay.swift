internal import ConnectorModel
internal import Ports

/// An operation's journal, read: what was, turn by turn, and what became of its writes.
///
/// A value without I/O; the machine asks it what comes next and shows it what the connector did.
package struct OperationReplay: Sendable {
  /// What is known of a write.
  enum Write: Sendable, Equatable {
    /// It was about to leave when the record ends.
    case unanswered
    case settled(JournalResult)
    /// It was not performed, and may be from then on, in nanoseconds since 1970.
    case postponed(UInt64)

    /// Something may have changed at the platform.
    var mayHaveWritten: Bool {
      switch self {
      case .unanswered: true
      case .settled(let result): result.performedWrite
      case .postponed: false
      }
    }
  }

  package let start: JournalStart
  private let turns: [JournalTurn]
  private let writes: [UInt64: Write]
  private var replayed = 0

  /// - Throws: `JournalError` when the entries are no journal.
  package init(_ entries: [JournalEntry]) throws(JournalError) {
    guard case .start(let start) = entries.first else {
      throw JournalError("the journal does not begin with its start")
    }
    var turns: [JournalTurn] = []
    var writes: [UInt64: Write] = [:]
    for entry in entries.dropFirst() {
      switch entry {
      case .start: throw JournalError("the journal starts twice")
      case .turn(let turn): turns.append(turn)
      case .intent(let intent): writes[intent.effect] = .unanswered
      case .result(let result): writes[result.event.effect] = .settled(result)
      case .deferred(let deferral): writes[deferral.effect] = .postponed(deferral.until)
      }
    }
    guard let first = turns.first, first.events.isEmpty else {
      throw JournalError("the journal has no first turn")
    }
    self.start = start
    self.turns = turns
    self.writes = writes
  }

  /// The turn to replay; nil when all are.
  var next: JournalTurn? { replayed < turns.count ? turns[replayed] : nil }

  /// Something may have changed at the platform before the record ends.
  package var mayHaveWritten: Bool {
    writes.values.contains(where: \.mayHaveWritten)
  }

  /// A write was about to leave when the record ends, and nobody knows what became of it.
  package var hasOpenIntent: Bool { writes.values.contains(.unanswered) }

  /// What is known of an effect; nil when it was no write, or had no intent yet.
  func write(_ effect: UInt64) -> Write? { writes[effect] }

  /// The deadline of the operation when it goes on at `now`: the time since the last turn does not count.
  func deadline(at now: UInt64) -> UInt64 {
    let last = turns[turns.count - 1]
    let deadline = start.operation.deadline.saturatingAdd(last.deadlineShift)
    return now.saturatingAdd(deadline > last.clock ? deadline - last.clock : 0)
  }

  /// Compares a turn with the one on record and goes to the next.
  ///
  /// - Returns: how they differ, with turn and effect; nil when they do not.
  mutating func take(_ pushes: [JournalPush], emits: Int, isTerminal: Bool) -> String? {
    guard let turn = next else { return nil }
    replayed += 1
    return difference(of: pushes, from: turn.pushes)
      ?? (isTerminal != turn.isTerminal
        ? "turn \(replayed) \(isTerminal ? "ended the operation, which it did not" : "did not end the operation, which it did") before"
        : nil)
      ?? (emits != turn.emits ? "turn \(replayed) emitted \(emits) records instead of \(turn.emits)" : nil)
  }

  private func difference(of pushes: [JournalPush], from recorded: [JournalPush]) -> String? {
    let common = zip(pushes, recorded)
    if let (now, before) = common.first(where: { $0 != $1 }) {
      let change =
        now.words == before.words && now.effect == before.effect
        ? "\(now.words), but not the same" : "\(now.words) instead of \(before.words)"
      return "turn \(replayed), effect \(before.effect): it asked for \(change)"
    }
    if pushes.count > recorded.count {
      let extra = pushes[recorded.count]
      return "turn \(replayed), effect \(extra.effect): it asked for \(extra.words), which it did not before"
    }
    if pushes.count < recorded.count {
      let missing = recorded[pushes.count]
      return "turn \(replayed), effect \(missing.effect): it no longer asked for \(missing.words)"
    }
    return nil
  }
}

extension UInt64 {
  fileprivate func saturatingAdd(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
