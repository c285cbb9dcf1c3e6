internal import Operations
internal import Ports
internal import Vault

/// The journal of one job: entries sealed with the tenant's key, stored under the job's lease.
struct SealedJournal: OperationJournal {
  let job: String
  let library: String
  let store: any JournalStore
  let sealer: TenantSealer
  let lease: LeaseToken

  func append(_ entries: [JournalEntry], done: @escaping @Sendable (JournalVerdict) -> Void) {
    Task {
      do {
        let rows = try entries.map { entry in
          var row = try entry.row()
          row.bytes = try sealer.seal(bytes: row.bytes, context: Self.context(job, row))
          return row
        }
        try await store.append(rows, under: lease)
        done(.stored)
      } catch let error as StoreError where error.code == .fenced {
        done(.fenced)
      } catch {
        done(.failed("\(error)"))
      }
    }
  }

  /// What an earlier attempt left; empty when there is none to go on with.
  ///
  /// - Throws: `StoreError`, `VaultError`, `JournalError`.
  static func entries(of job: String, in store: any JournalStore, sealer: TenantSealer) async throws
    -> [JournalEntry]
  {
    try await store.journal(of: job).map { row in
      var row = row
      row.bytes = try sealer.open(bytes: row.bytes, context: context(job, row))
      return try JournalEntry(row)
    }
  }

  /// A row opens only as what it was stored as.
  private static func context(_ job: String, _ row: JournalRow) -> String {
    "journal/\(job)/\(row.kind.rawValue)/\(row.effect)"
  }
}
