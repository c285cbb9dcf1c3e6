internal import ConnectorModel
package import Ports

/// Drives operations: begin, effects, resume, outcome, on the named threads.
package struct OperationDriver: Sendable {
  let threads: TurnThreads
  let clock: any HostClock
  let keyValues: any KeyValueStore

  package init(threads: TurnThreads, clock: any HostClock, keyValues: any KeyValueStore) {
    self.threads = threads
    self.clock = clock
    self.keyValues = keyValues
  }

  /// Starts an operation; `done` is called once, on whatever thread ends it, and must not block.
  @discardableResult
  package func start(
    _ request: OperationRequest, on connector: HostedConnector,
    done: @escaping @Sendable (OperationReport) -> Void
  ) -> Cancellation {
    if let failure = connector.health.failure {
      let error = OperationError(
        failure.code, "connector \(connector.instance.id) is out of service: \(failure.message)")
      done(OperationReport(outcome: .failed(error)))
      return .none
    }
    let operation = DrivenOperation(request, connector, self, done)
    operation.start()
    return Cancellation { operation.cancel() }
  }

  /// Runs an operation to its end; a cancelled task cancels it and still gets its report.
  package func run(_ request: OperationRequest, on connector: HostedConnector) async -> OperationReport {
    let cancellation = CancellationRelay()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        cancellation.set(start(request, on: connector) { continuation.resume(returning: $0) })
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
