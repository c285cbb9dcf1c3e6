internal import ConnectorModel
internal import Ports

/// An effect as a turn pushed it.
struct PushedEffect: Sendable {
  let id: UInt64
  /// Nil once it was performed and cannot come back.
  @Rare var effect: Effect?
  let isWrite: Bool
  let fingerprint: [UInt8]
  /// The frozen clock of its turn.
  let pushedAt: UInt64
  /// By a turn that was replayed: part of its time is over.
  let isReplayed: Bool

  init(id: UInt64, effect: Effect, mark: JournalPush?, pushedAt: UInt64, isReplayed: Bool) {
    self.id = id
    self.effect = effect
    self.pushedAt = pushedAt
    self.isReplayed = isReplayed
    if case .effect(_, _, let isWrite, let fingerprint) = mark {
      (self.isWrite, self.fingerprint) = (isWrite, fingerprint)
    } else {
      (isWrite, fingerprint) = (false, [])
    }
  }

  /// When a timer is due; nil for anything else.
  var due: UInt64? {
    guard case .timer(let delay) = effect else { return nil }
    return delay.after(pushedAt)
  }

  /// What is to be performed at `now`: of a replayed timer, the rest.
  func rest(at now: UInt64) -> Effect? {
    guard isReplayed, let due else { return effect }
    return .timer(.nanoseconds(Int64(clamping: due > now ? due - now : 0)))
  }
}

/// An effect that the operation waits for.
struct OutstandingEffect: Sendable {
  enum State: Sendable, Equatable {
    /// A write whose intent is being stored.
    case intended
    case underWay
    /// A write whose result is being stored.
    case settling
    /// Was not carried out, and may be from then on, in nanoseconds since 1970.
    case postponed(UInt64, WaitCause)
  }

  var pushed: PushedEffect
  var state: State

  var id: UInt64 { pushed.id }
  /// It may be changing the platform at this moment.
  var isWriting: Bool { pushed.isWrite && state == .underWay }
}
