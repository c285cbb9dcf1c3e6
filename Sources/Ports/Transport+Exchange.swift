extension Transport {
  /// Performs one exchange; cancelling the task cancels it, and its end is still awaited.
  package func exchange(_ request: TransportRequest) async -> TransportResult {
    let cancellation = CancellationRelay()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        cancellation.set(start(request) { waiter.resume(returning: $0) })
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
