import ConnectorKit
import FoundationEssentials

/// Waits for a batch as long as the operation may last.
struct BatchWait {
  /// An operation that has written nothing, as when it looks for an earlier batch, may not wait longer at once.
  private static let longestPause = 30.0
  /// Before the deadline, for what comes after the wait.
  private static let reserve = 10.0

  private let api: API

  init(_ api: API) { self.api = api }

  /// - Throws: `OperationError` with code `timeout` when the deadline comes first; the batch goes on.
  func finish(_ batch: Batch) async throws -> Batch {
    var (batch, pause) = (batch, 2.0)
    while !batch.isFinished {
      let left = api.context.deadline.timeIntervalSince(try api.context.now) - Self.reserve
      guard left > pause else {
        throw OperationError(
          .timeout, "the batch is \(batch.status), and the operation's time is over", retry: .unknownOutcome,
          userMessage: "Mailchimp is still working on the batch. It goes on by itself.")
      }
      try await api.context.sleep(for: .seconds(pause))
      pause = min(pause * 1.5, Self.longestPause)
      batch = try await api.get("/batches/\(batch.id)")
    }
    return batch
  }
}
