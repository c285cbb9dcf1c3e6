internal import Ports

/// Marks a connection whose account no longer answers, for jobs and syncs alike.
struct ConnectionAttention: Sendable {
  let store: any Store
  let clock: any HostClock

  /// - Parameter reason: one sentence for people.
  /// - Returns: false for one that does not publish anyway, or is gone.
  func need(_ connection: String, reason: String) async throws(StoreError) -> Bool {
    guard var record = try await store.connection(connection), record.state.publishes else { return false }
    record.state = .attention
    record.reason = reason
    record.updatedAt = clock.unixNanoseconds
    let entry = AuditEntry(
      tenant: record.tenant, actor: "host", event: "connection.attention", subject: record.id, detail: reason,
      at: record.updatedAt)
    do throws(StoreError) {
      _ = try await store.update(record, audit: entry)
    } catch {
      // Somebody changed it meanwhile, and knows more.
      guard error.code == .conflict else { throw error }
    }
    return true
  }
}
