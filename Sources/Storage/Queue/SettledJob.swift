internal import Ports

/// What a settlement makes of a job: the decision, without the store.
struct SettledJob {
  var state: Job.State
  /// Nil: as it was.
  var availableAt: UInt64?
  var countsAttempt = true
  var countsTimeout = false
  var mustReconcile = false
  var result: [UInt8]?
  var error: JobError?
  var note = ""
  var backTo: Job.State?
  var keepsJournal = false
  var post: Post?
  var deadLetter: (id: String, reason: DeadLetter.Reason)?

  /// How long a job waits whose connection was mended before it could be held.
  private static let secondLook = Duration.seconds(5)

  /// - Parameter isBlocked: its connection was stopped while it ran; what waits is held.
  init(_ settlement: Settlement, isBlocked: Bool, now: UInt64) {
    switch settlement {
    case .published(let result, let post):
      state = .published
      self.result = result
      self.post = post
    case .retry(let time, let error, let counts, let isTimeout, let mustReconcile):
      state = .retrying
      availableAt = time
      countsAttempt = counts
      countsTimeout = counts && isTimeout
      self.error = error
      self.mustReconcile = mustReconcile
    case .park(let time, let note):
      state = .retrying
      availableAt = time
      countsAttempt = false
      keepsJournal = true
      self.note = note
    case .hold(let error, let mustReconcile, let note):
      if isBlocked {
        state = .held
        // It needs what its connection needs: it goes on when that is well again.
        backTo = .pending
      } else {
        // That is well again already, and nobody would ever let the job go.
        state = .retrying
        availableAt = Self.secondLook.after(now)
      }
      countsAttempt = false
      self.error = error
      self.mustReconcile = mustReconcile
      self.note = note
    case .cancelled:
      state = .cancelled
    case .unknown(let error, let deadLetter):
      state = .unknown
      mustReconcile = true
      self.error = error
      self.deadLetter = (deadLetter, .unknownOutcome)
    case .dead(let reason, let error, let deadLetter, let mayHaveWritten):
      state = .dead
      mustReconcile = mayHaveWritten
      self.error = error
      self.deadLetter = (deadLetter, reason)
    }
    if isBlocked, state == .retrying {
      state = .held
      backTo = .retrying
      note = Lane.connectionNote
    }
  }

  /// Somebody asked for the end of the job while it ran: what would only wait for another attempt ends.
  ///
  /// - Parameters:
  ///   - isInDoubt: it may have taken effect.
  ///   - isLookedAt: its next worker finds out from its journal, and ends it.
  mutating func cancel(isInDoubt: Bool, isLookedAt: Bool, deadLetter: String) {
    if isLookedAt { return }
    if isInDoubt || mustReconcile { return endInDoubt(deadLetter: deadLetter) }
    end(as: .cancelled)
  }

  /// Nobody will look any more, and it may have taken effect.
  mutating func endInDoubt(deadLetter: String) {
    end(as: .unknown)
    mustReconcile = true
    error = .endedInDoubt
    self.deadLetter = (deadLetter, .unknownOutcome)
  }

  private mutating func end(as state: Job.State) {
    self.state = state
    availableAt = nil
    backTo = nil
    keepsJournal = false
    note = ""
  }
}
