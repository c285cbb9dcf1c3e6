internal import CForeignWork

/// Names work that left the operation it belongs to.
@_spi(Testing) public enum ForeignWork {
  static let calledFromOutside = OperationError(
    .protocol,
    "T-5: the context was used outside the operation's turn; call it only from the action's own task and its children, "
      + "not from Task {}, Task.detached or a thread")

  /// Watches the concurrency runtime this library uses, unless its host already does.
  public static func watch() { foreign_work_install() }

  /// The error for what a turn did, or nil when it kept the rules.
  static func cause(noticed: UInt32, foreignEnqueue: Bool, isStalled: Bool) -> OperationError? {
    if noticed > 0 {
      return OperationError(
        .protocol,
        "T-3: the operation started Task {} or Task.detached, or called a main-actor function; use async let or a "
          + "task group, which stay inside the operation")
    }
    if foreignEnqueue {
      return OperationError(
        .protocol,
        "T-3: the operation was resumed from outside its turns, by a thread, a dispatch queue or Task.sleep; "
          + "only effects may resume it")
    }
    if isStalled {
      return OperationError(
        .protocol,
        "S-1: the operation waits, but for no effect: probably for Task.sleep (use context.sleep), a dispatch queue or "
          + "a continuation that nobody resumes")
    }
    return nil
  }
}
