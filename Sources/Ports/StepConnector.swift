package import ConnectorModel

/// An instance of a connector, wherever it runs: behind the C table in this process, later behind frames.
///
/// Both protocols are driven by one rule: one thread at a time per operation, and never a cooperative one.
package protocol StepConnector: AnyObject, Sendable {
  /// As in the manifest.
  var id: String { get }
  var version: String { get }
  /// Operations of this instance may overlap.
  var isParallel: Bool { get }
  /// A cancelled operation gets clean-up turns.
  var wantsCleanup: Bool { get }

  /// Starts an operation and runs its first turn.
  ///
  /// - Returns: the operation, nil when the turn ended it or failed to make one, and what the turn pushed.
  func begin(_ start: OperationStart, _ turn: Turn) -> (operation: (any StepOperation)?, pushed: TurnRecord)
}

/// One operation between two turns.
package protocol StepOperation: AnyObject, Sendable {
  /// Delivers one or more results and runs the next turn.
  func resume(_ events: [Event], _ turn: Turn) -> TurnRecord

  /// Frees the operation. Called exactly once, unless the operation is abandoned; nothing follows.
  func end()

  /// Forgets the operation without another call into its connector, which is out of service.
  ///
  /// What the connector holds for it is lost, and so is the instance: it cannot be destroyed with an operation alive.
  func abandon()
}

/// What a turn is given besides its events.
package struct Turn: Sendable {
  /// The frozen clock.
  package var unixNanoseconds: UInt64
  /// The id of the first effect pushed in this turn; they count up from here.
  package var firstEffect: UInt64
  /// How many more effects, records and bytes of records the operation may push.
  ///
  /// Beyond it the push is refused: `http`, `kv` and `timer` still return an id and the record lists the
  /// violation, `emit` says QUOTA.
  package var effectAllowance: Int
  package var emitAllowance: Int
  package var emitByteAllowance: Int
  /// The operation's generator as the last turn left it.
  package var random: SplitMix64
  /// True when a long computation should give up.
  package var shouldStop: @Sendable () -> Bool
  package var log: @Sendable (ConnectorLogLine) -> Void

  package init(
    unixNanoseconds: UInt64, firstEffect: UInt64, effectAllowance: Int, emitAllowance: Int,
    emitByteAllowance: Int = 64 << 20, random: SplitMix64,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    log: @escaping @Sendable (ConnectorLogLine) -> Void = { _ in }
  ) {
    self.unixNanoseconds = unixNanoseconds
    self.firstEffect = firstEffect
    self.effectAllowance = effectAllowance
    self.emitAllowance = emitAllowance
    self.emitByteAllowance = emitByteAllowance
    self.random = random
    self.shouldStop = shouldStop
    self.log = log
  }
}

/// Everything that one turn pushed, in order.
package struct TurnRecord: Sendable, Equatable {
  package enum Push: Sendable, Equatable {
    case effect(UInt64, Effect)
    case cancelEffect(UInt64)
    case emit(stream: String, Payload)
    case complete(Payload)
    case fail(OperationError)
  }

  /// What begin or resume returned; anything but `ok` means that the connector's machinery broke.
  package var status: OutcomeCode
  package var pushes: [Push]
  /// Rules of docs/abi.md that the turn broke, in the order it broke them.
  package var violations: [RuleViolation]
  /// The operation's generator after the turn.
  package var random: SplitMix64
  package var cpuNanoseconds: UInt64

  package init(
    status: OutcomeCode = .ok, pushes: [Push] = [], violations: [RuleViolation] = [],
    random: SplitMix64 = SplitMix64(seed: 0), cpuNanoseconds: UInt64 = 0
  ) {
    self.status = status
    self.pushes = pushes
    self.violations = violations
    self.random = random
    self.cpuNanoseconds = cpuNanoseconds
  }
}

/// A numbered rule of docs/abi.md that a connector broke, and how.
package struct RuleViolation: Error, Sendable, Equatable, CustomStringConvertible {
  /// For instance `S-1`.
  package var rule: String
  package var what: String

  package init(_ rule: String, _ what: String) {
    self.rule = rule
    self.what = what
  }

  package var description: String { "\(rule): \(what)" }
}

/// One line that a connector logged.
package struct ConnectorLogLine: Sendable, Equatable {
  package enum Level: UInt32, Sendable, Comparable {
    case trace = 1, debug, info, warning, error
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  package var level: Level
  package var message: String
  package var fields: [HeaderField]

  package init(_ level: Level, _ message: String, fields: [HeaderField] = []) {
    self.level = level
    self.message = message
    self.fields = fields
  }
}
