internal import Ports

extension Principal {
  /// - Throws: `forbidden` when the key has not this scope.
  func require(_ scope: APIKey.Scope) throws(ServiceError) {
    guard scopes.contains(scope) else {
      throw ServiceError(
        .forbidden, "the key \(key) has not the scope \(scope.rawValue); use one that has, or make one")
    }
  }

  /// What this principal did, for the trail.
  func entry(_ event: String, _ subject: String, detail: String = "", at now: UInt64) -> AuditEntry {
    AuditEntry(tenant: tenant, actor: key, event: event, subject: subject, detail: detail, at: now)
  }
}
