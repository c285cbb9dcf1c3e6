/// Wraps tenants' data keys under a key of its own: a local file, or later a key management service.
///
/// A wrapped key opens only for its tenant.
package protocol KeyProvider: Sendable {
  func wrap(_ key: KeyBytes, tenant: String) async throws(VaultError) -> [UInt8]
  /// - Throws: `otherMasterKey` where the bytes were not wrapped by this provider for this tenant.
  func unwrap(_ bytes: [UInt8], tenant: String) async throws(VaultError) -> KeyBytes
}
