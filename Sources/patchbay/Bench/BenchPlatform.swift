internal import ConnectorModel
internal import Dispatch
internal import Ports
internal import Synchronization

/// A network without a network: every request is answered alike, at once or when somebody says so.
final class BenchPlatform: HTTPPerformer {
  private struct State {
    var isSilent: Bool
    var isOver = false
    var waiting: [@Sendable (PerformedHTTP) -> Void] = []
  }

  private let state: Mutex<State>
  private let arrivals = DispatchSemaphore(value: 0)

  /// - Parameter isSilent: answers nobody before ``answerAll()``.
  init(isSilent: Bool) {
    state = Mutex(State(isSilent: isSilent))
    NamedThread.start("patchbay-bench") { [self] in answer() }
  }

  var isSilent: Bool { state.withLock { $0.isSilent } }

  /// Requests that wait for their answers.
  var waiting: Int { state.withLock { $0.waiting.count } }

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let mustWake = state.withLock { state in
      state.waiting.append(deliver)
      return !state.isSilent && state.waiting.count == 1
    }
    if mustWake { arrivals.signal() }
    return .none
  }

  func operationEnded(_ operation: String) {}

  func answerAll() {
    state.withLock { $0.isSilent = false }
    arrivals.signal()
  }

  /// Ends its thread.
  func close() {
    state.withLock { $0.isOver = true }
    arrivals.signal()
  }

  private func answer() {
    let performed = PerformedHTTP(answer: BenchConnector.answer, requests: 1)
    while true {
      arrivals.wait()
      let (waiting, isOver) = state.withLock { state in
        defer { state.waiting = [] }
        return (state.waiting, state.isOver)
      }
      for deliver in waiting { deliver(performed) }
      if isOver { return }
    }
  }
}
