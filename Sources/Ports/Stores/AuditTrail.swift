/// What people and the host did, for ever: rows are added and never changed.
package protocol AuditTrail: Sendable {
  func add(_ entry: AuditEntry) async throws(StoreError)
  /// Newest first.
  func auditEntries(tenant: String, page: PageRequest) async throws(StoreError) -> Page<AuditEntry>
}

package struct AuditEntry: Sendable, Equatable {
  package var tenant: String
  /// The API key's id, or `host`.
  package var actor: String
  /// For instance `connection.added`.
  package var event: String
  /// The id of what it is about.
  package var subject: String
  /// One sentence without secrets; may be empty.
  package var detail: String
  /// Nanoseconds since 1970.
  package var at: UInt64

  package init(tenant: String, actor: String, event: String, subject: String, detail: String = "", at: UInt64)
  {
    self.tenant = tenant
    self.actor = actor
    self.event = event
    self.subject = subject
    self.detail = detail
    self.at = at
  }
}
