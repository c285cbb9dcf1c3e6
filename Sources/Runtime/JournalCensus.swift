package import Ports
internal import Storage

/// Counts what a host that fell had under way, on the files that it left.
package enum JournalCensus {
  /// - Throws: `StoreError` when the store cannot be opened.
  package static func take(state: String) async throws -> JournalCounts {
    let store = try await SQLiteStore.open(path: StateDirectory.store(in: state))
    do {
      let counts = try await store.journalCounts()
      await store.close()
      return counts
    } catch {
      await store.close()
      throw error
    }
  }
}
