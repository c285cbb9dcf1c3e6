/// Code that waits for one effect.
///
/// Resumed once: whoever resumes it has taken it out of the run's list, under the run's lock. That is why its
/// continuation need not be checked, which would cost an allocation for each effect.
@safe struct Waiter: Sendable {
  let effect: UInt64
  /// The operation's own task waits, and no child of it.
  let isOwn: Bool
  private let continuation: UnsafeContinuation<Answer, any Error>

  init(effect: UInt64, isOwn: Bool, _ continuation: UnsafeContinuation<Answer, any Error>) {
    self.effect = effect
    self.isOwn = isOwn
    unsafe self.continuation = unsafe continuation
  }

  func resume(returning answer: Answer) { unsafe continuation.resume(returning: answer) }

  func resume(throwing error: any Error) { unsafe continuation.resume(throwing: error) }
}
