/// What `since_NAME` and `before_NAME` let through: both exclusive, by whole seconds.
struct TimeWindow {
  let since: SandboxInstant?
  let before: SandboxInstant?

  /// A moment that never came is inside only where nothing is asked.
  func contains(_ time: SandboxInstant?) -> Bool {
    guard since != nil || before != nil else { return true }
    guard let time else { return false }
    return since.map { time.seconds > $0.seconds } ?? true && before.map { time.seconds < $0.seconds } ?? true
  }
}
