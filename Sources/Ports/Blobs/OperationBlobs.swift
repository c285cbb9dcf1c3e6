internal import Synchronization

/// Keeps the bodies of answers that an operation asked for as blobs.
package protocol BlobKeeper: Sendable {
  func writer() -> BlobWriter
  /// Keeps what was written under a number of the operation; durable when it returns.
  func keep(_ writer: BlobWriter, type: String, number: UInt64) async throws(BlobError)
    -> StoredBlob
}

/// The blobs of one operation by their numbers: those of its input first, then in order of arrival.
package final class OperationBlobs: Sendable {
  private struct State {
    var blobs: [UInt64: StoredBlob]
    var last: UInt64
  }

  private let state: Mutex<State>
  /// Nil where answers cannot be kept as blobs.
  package let keeper: (any BlobKeeper)?

  package init(_ blobs: [UInt64: StoredBlob] = [:], keeper: (any BlobKeeper)? = nil) {
    state = Mutex(State(blobs: blobs, last: blobs.keys.max() ?? 0))
    self.keeper = keeper
  }

  /// Nil for a number that the operation was never given.
  package subscript(_ number: UInt64) -> StoredBlob? { state.withLock { $0.blobs[number] } }

  /// Keeps a body under the next number.
  ///
  /// - Throws: `unavailable` where answers cannot be kept, and what the keeper says.
  package func keep(_ writer: BlobWriter, type: String) async throws(BlobError) -> (
    UInt64, StoredBlob
  ) {
    guard let keeper else { throw BlobError(.unavailable, "answers cannot be kept as blobs here") }
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let blob = try await keeper.keep(writer, type: type, number: number)
    state.withLock { $0.blobs[number] = blob }
    return (number, blob)
  }
}
