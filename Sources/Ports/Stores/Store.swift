/// Everything that a host keeps: one engine behind all of its stores.
///
/// Every implementation passes one behaviour suite.
package protocol Store: TenantStore, ConnectionStore, JobQueue, JournalStore, AuditTrail, RecordStore,
  SyncStore, RetentionStore, KeyValueStore, BlobRecords, LimitStore
{
  /// Proves that the engine answers and can write.
  func check() async throws(StoreError)
  /// Waits for what is under way and closes; later calls throw `unavailable`.
  func close() async
}
