internal import ConnectorModel
internal import Operations
internal import Ports

/// Tells an operation's way through the host on standard error, a line a step; unless asked, only warnings.
struct CallTrace: Sendable {
  let isFull: Bool
  private let started = ContinuousClock.now

  init(isFull: Bool) { self.isFull = isFull }

  @Sendable func tell(_ step: OperationStep) {
    if case .log(let line) = step, line.level >= .warning { return Output.error("patchbay: \(line.message)") }
    guard isFull else { return }
    let elapsed = (ContinuousClock.now - started).milliseconds
    let text =
      switch step {
      case .turn(let number, let events, let pushes, let cpu):
        "turn \(number): \(events) result(s) in, \(pushes) push(es) out, \(cpu.microseconds) µs of CPU"
      case .http(let method, let path, let performed):
        "  \(method) \(path) → \(performed.answer.status == 0 ? performed.answer.outcome.name : "\(performed.answer.status)") "
          + "in \(performed.network.milliseconds) ms"
          + performed.waits.map { ", waited \($0.duration.milliseconds) ms (\($0.reason))" }.joined()
      case .timer(let delay): "  timer of \(delay.words)"
      case .log(let line): "  \(line.level): \(line.message)"
      case .ended(let code): "ended: \(code.name)"
      }
    Output.error("[\(elapsed) ms] \(text)")
  }
}

extension Duration {
  fileprivate var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
  fileprivate var milliseconds: Int64 { microseconds / 1_000 }
}
