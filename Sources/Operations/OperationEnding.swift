internal import ConnectorModel

/// What is known of how an operation will end, while it has not.
struct OperationEnding: Sendable {
  /// Set once the host has decided why it ends, while clean-up turns run.
  @Rare var stopping: OperationError?
  /// The connector knows: what it pushes from now on is clean-up.
  var wasTold = false
  /// The grace time is over; a turn that is under way is the last.
  var isOutOfGrace = false
  /// The host is stopping: only writes that were sent are waited for.
  var isSuspending = false
  /// A write was told that nobody knows what became of it, and only the connector can find out.
  var isUnresolved = false
  /// The connector has pushed effects since it knows that it is stopped: its answer is one after a clean-up.
  var hasCleanedUp = false
  /// Asked for while turns were replayed; comes after them.
  @Rare var awaitingStop: JournalStop?
  /// Decided during a turn, whatever that turn pushes.
  var decided: OperationReport.Outcome?
  /// The outcome, but for what became of the writes that were given up.
  var held: OperationReport.Outcome?

  /// Writes that were under way when the host stopped the operation, and have not told what they did.
  private var unsettled: Set<UInt64> = []
  private var hasWritten = false

  /// Some write that the host gave up may have taken effect.
  var mayHaveWritten: Bool { hasWritten || !unsettled.isEmpty }
  var isSettled: Bool { unsettled.isEmpty }

  mutating func giveUp(_ writes: some Sequence<UInt64>) { unsettled.formUnion(writes) }

  /// Nobody will ever tell what became of a write that was given up.
  mutating func loseSight() { hasWritten = true }

  /// Notes what became of a write that was given up.
  ///
  /// - Returns: true when it was the last one.
  mutating func settle(_ effect: UInt64, mayHaveWritten: Bool) -> Bool {
    guard unsettled.remove(effect) != nil else { return false }
    if mayHaveWritten { hasWritten = true }
    return unsettled.isEmpty
  }
}
