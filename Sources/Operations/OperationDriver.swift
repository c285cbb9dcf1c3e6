internal import ConnectorModel
package import Ports

/// Drives operations: begin, effects, resume, outcome, on the named threads.
///
/// One object that all its operations share.
package final class OperationDriver: Sendable {
  let threads: TurnThreads
  let clock: any HostClock
  let keyValues: any KeyValueStore
  let digest: @Sendable ([UInt8]) -> [UInt8]

  /// - Parameter digest: SHA-256, for the fingerprints in journals; without it they are the requests themselves.
  package init(
    threads: TurnThreads, clock: any HostClock, keyValues: any KeyValueStore,
    digest: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) {
    self.threads = threads
    self.clock = clock
    self.keyValues = keyValues
    self.digest = digest
  }

  /// Starts an operation, or goes on with one; `done` is called once, on whatever thread ends it, and must not
  /// block.
  @discardableResult
  package func start(
    _ request: OperationRequest, on connector: HostedConnector,
    done: @escaping @Sendable (OperationReport) -> Void
  ) -> OperationHandle {
    if let failure = connector.health.failure {
      let error = OperationError(
        failure.code, "connector \(connector.instance.id) is out of service: \(failure.message)",
        retry: request.replay?.mayHaveWritten == true ? .no : .safe)
      done(OperationReport(outcome: .failed(error), of: request.replay))
      return .none
    }
    let operation = DrivenOperation(request, connector, self, done)
    operation.start()
    return OperationHandle(cancel: { operation.cancel() }, suspend: { operation.suspend() })
  }

  /// Runs an operation to its end; a cancelled task cancels it and still gets its report.
  ///
  /// - Parameter started: is given the means to end it early.
  package func run(
    _ request: OperationRequest, on connector: HostedConnector,
    started: @escaping @Sendable (OperationHandle) -> Void = { _ in }
  ) async -> OperationReport {
    let cancellation = CancellationRelay()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let handle = start(request, on: connector) { continuation.resume(returning: $0) }
        cancellation.set(Cancellation { handle.cancel() })
        started(handle)
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
