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

  /// - Parameters:
  ///   - isCancelled: somebody asked for its end while it ran; what would only wait for another attempt ends.
  ///   - isBlocked: its connection was stopped while it ran; what waits is held.
  init(_ settlement: Settlement, isCancelled: Bool, isBlocked: Bool) {
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
      state = .held
      // It needs what its connection needs: it goes on when that is well again.
      backTo = .pending
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
    case .dead(let reason, let error, let deadLetter):
      state = .dead
      self.error = error
      self.deadLetter = (deadLetter, reason)
    }
    guard !state.hasEnded else { return }
    if isCancelled {
      state = .cancelled
      availableAt = nil
      backTo = nil
      keepsJournal = false
      note = ""
    } else if isBlocked, state == .retrying {
      state = .held
      backTo = .retrying
      note = Lane.connectionNote
    }
  }
}
