import ConnectorModel
import Ports
import Synchronization

/// Answers exchanges in the order of its script and keeps what was sent.
///
/// An exchange beyond the script, or one scripted as `hang`, waits until it is cancelled.
final class ScriptedTransport: Transport {
  enum Line: Sendable {
    case answer(Int, [HeaderField] = [], String = "")
    case failure(TransportFailure.Kind, left: Bool)
    case hang
  }

  private struct State {
    var script: [Line]
    var sent: [TransportRequest] = []
    var hanging = 0
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ script: [Line]) { state = Mutex(State(script: script)) }

  var sent: [TransportRequest] { state.withLock { $0.sent } }

  /// Suspends until an exchange hangs.
  func waitForHang() async {
    await withCheckedContinuation { watcher in
      let isHanging = state.withLock { state in
        if state.hanging == 0 { state.watchers.append(watcher) }
        return state.hanging > 0
      }
      if isHanging { watcher.resume() }
    }
  }

  func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation {
    let (line, watchers) = state.withLock { state -> (Line, [CheckedContinuation<Void, Never>]) in
      state.sent.append(request)
      let line = state.script.isEmpty ? .hang : state.script.removeFirst()
      guard case .hang = line else { return (line, []) }
      state.hanging += 1
      defer { state.watchers = [] }
      return (line, state.watchers)
    }
    switch line {
    case .answer(let status, let headers, let body):
      Task {
        done(
          .answered(
            TransportAnswer(
              status: status, headers: headers, body: Array(body.utf8), network: .milliseconds(5))))
      }
    case .failure(let kind, let left):
      Task {
        done(.failed(TransportFailure(kind: kind, requestMayHaveLeft: left, message: "scripted \(kind)")))
      }
    case .hang:
      for watcher in watchers { watcher.resume() }
      return Cancellation {
        done(.failed(TransportFailure(kind: .cancelled, requestMayHaveLeft: true, message: "cancelled")))
      }
    }
    return .none
  }
}
