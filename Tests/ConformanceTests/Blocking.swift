import Foundation

/// Where tests wait for compilers and children: a few threads of their own, since those of tests are needed by what is tested.
private let waitingRoom: OperationQueue = {
  let queue = OperationQueue()
  queue.name = "patchbay-tests"
  queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount + 1
  return queue
}()

/// What `work` returns, done beside what other tests wait for.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { waiter in
    waitingRoom.addOperation { waiter.resume(with: Result(catching: work)) }
  }
}
