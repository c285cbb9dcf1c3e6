package import ConnectorModel

/// One row of an operation's journal, in the clear.
package enum JournalEntry: Sendable, Equatable {
  /// Once, first.
  case start(JournalStart)
  case turn(JournalTurn)
  /// A write is about to leave the host.
  case intent(JournalIntent)
  /// What became of a write.
  case result(JournalResult)
  /// A write that was provably not performed and waits.
  case deferred(JournalDeferral)
}

/// What an operation was started with, as its connector was told.
package struct JournalStart: Sendable, Equatable {
  /// `deadline` is the connector's; the host's moves with waits and downtime.
  package var operation: OperationStart
  /// The SHA-256 of the library, lower-case hex.
  package var library: String

  package init(_ operation: OperationStart, library: String) {
    self.operation = operation
    self.library = library
  }
}

/// What went into a turn and what came out of it.
package struct JournalTurn: Sendable, Equatable {
  /// The frozen clock, in nanoseconds since 1970.
  package var clock: UInt64
  /// How far the deadline had moved by then, in nanoseconds.
  package var deadlineShift: UInt64
  /// In the order and batch in which they were delivered; none in the first turn.
  package var events: [Event]
  /// Why the host had cancelled the operation; nil while it had not.
  package var stop: JournalStop?
  package var pushes: [JournalPush]
  /// Records emitted.
  package var emits: Int
  /// The turn ended the operation.
  package var isTerminal: Bool

  package init(
    clock: UInt64, deadlineShift: UInt64 = 0, events: [Event] = [], stop: JournalStop? = nil,
    pushes: [JournalPush] = [], emits: Int = 0, isTerminal: Bool = false
  ) {
    self.clock = clock
    self.deadlineShift = deadlineShift
    self.events = events
    self.stop = stop
    self.pushes = pushes
    self.emits = emits
    self.isTerminal = isTerminal
  }
}

/// Why a host stops an operation before its connector ends it.
package struct JournalStop: Sendable, Equatable, Codable {
  package var code: OutcomeCode
  package var message: String

  package init(_ code: OutcomeCode, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// A write that is about to leave.
package struct JournalIntent: Sendable, Equatable {
  package var effect: UInt64
  package var fingerprint: [UInt8]

  package init(effect: UInt64, fingerprint: [UInt8]) {
    self.effect = effect
    self.fingerprint = fingerprint
  }
}

/// What became of a write that was sent, or was found not to be.
package struct JournalResult: Sendable, Equatable {
  package var event: Event
  /// Something left the host that may have changed the platform.
  package var performedWrite: Bool

  package init(_ event: Event, performedWrite: Bool) {
    self.event = event
    self.performedWrite = performedWrite
  }
}

/// A write that was not performed.
package struct JournalDeferral: Sendable, Equatable {
  package var effect: UInt64
  /// Nanoseconds since 1970; it may be sent from then on, after another intent.
  package var until: UInt64

  package init(effect: UInt64, until: UInt64) {
    self.effect = effect
    self.until = until
  }
}
