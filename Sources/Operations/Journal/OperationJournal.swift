/// Where one operation's journal is kept, so that another process can go on where this one was cut.
///
/// The driver asks for one append at a time; Runtime seals the entries and stores them under the job's lease.
package protocol OperationJournal: Sendable {
  /// The job's id: what names the operation's effects beyond this process.
  var job: String { get }
  /// The SHA-256 of the library that a replay needs, lower-case hex.
  var library: String { get }

  /// Stores the entries in one transaction and calls `done` once, on any thread, when they are durable or never
  /// will be. Must not block.
  ///
  /// What comes after waits for `done`: a write is not sent, and a write's result not delivered, before it.
  func append(_ entries: [JournalEntry], done: @escaping @Sendable (JournalVerdict) -> Void)
}

/// What became of an append.
package enum JournalVerdict: Sendable, Equatable {
  case stored
  /// The lease was lost: another worker has the job, and nothing was stored.
  case fenced
  /// Nothing was stored; one sentence why, without any content.
  case failed(String)
}

/// Why a journal cannot be read or written.
package struct JournalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence, without any content of the journal.
  package var message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }
}
