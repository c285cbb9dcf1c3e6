/// The journals of running operations, one per job, in sealed rows.
package protocol JournalStore: Sendable {
  /// Stores the rows in one transaction, durable when it returns.
  ///
  /// - Throws: `fenced` when the lease is not held any more; nothing is stored then.
  func append(_ rows: [JournalRow], under lease: LeaseToken) async throws(StoreError)
  /// In the order they were appended.
  func journal(of job: String) async throws(StoreError) -> [JournalRow]
  /// Jobs whose journal has an intent without a result, and all that have one.
  func journalCounts() async throws(StoreError) -> JournalCounts
  /// The SHA-256 of libraries that a journal needs for its replay, lower-case hex.
  func pinnedLibraries() async throws(StoreError) -> Set<String>
}

package struct JournalRow: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Once, first: what the operation was started with.
    case start
    case turn
    /// A write is about to leave the host.
    case intent
    /// What became of it. A write that was not performed may be intended again: the later row counts.
    case result
  }

  package var kind: Kind
  /// The effect of an intent or a result, else 0.
  package var effect: UInt64
  /// Of a start: the library that the replay needs.
  package var library: String?
  package var bytes: [UInt8]

  package init(_ kind: Kind, effect: UInt64 = 0, library: String? = nil, bytes: [UInt8]) {
    self.kind = kind
    self.effect = effect
    self.library = library
    self.bytes = bytes
  }
}

package struct JournalCounts: Sendable, Equatable {
  package var operations: Int
  /// Operations with an intent whose result is not known.
  package var openIntents: Int

  package init(operations: Int, openIntents: Int) {
    self.operations = operations
    self.openIntents = openIntents
  }
}
