package import Secrets

/// Seals and opens what belongs to one tenant, without waiting: its data key is at hand.
package struct TenantSealer: Sendable {
  package let tenant: String
  private let key: KeyBytes

  init(tenant: String, key: KeyBytes) {
    self.tenant = tenant
    self.key = key
  }

  /// - Throws: `tooLong`, `library`.
  package func seal(_ secret: Secret, connection: String, field: String) throws(VaultError) -> [UInt8] {
    var bytes = secret.reveal { Array($0.utf8) }
    defer { OpenSSLCipher.wipe(&bytes) }
    return try Envelope.seal(
      bytes, key: key, place: .secret(tenant: tenant, connection: connection, field: field))
  }

  /// - Throws: `doesNotOpen` unless the bytes were sealed for exactly this place.
  package func open(_ bytes: [UInt8], connection: String, field: String) throws(VaultError) -> Secret {
    let place = SealedPlace.secret(tenant: tenant, connection: connection, field: field)
    var plain = try Envelope.open(bytes, key: key, place: place)
    defer { OpenSSLCipher.wipe(&plain) }
    guard let text = String(validating: plain, as: UTF8.self) else {
      throw .doesNotOpen(what: place.description)
    }
    return Secret(text)
  }

  /// Seals a row, such as a journal's.
  ///
  /// - Parameter context: what the row is, for instance its job and its place in the journal; the same opens it.
  package func seal(bytes: [UInt8], context: String) throws(VaultError) -> [UInt8] {
    try Envelope.seal(bytes, key: key, place: .row(tenant: tenant, context: context))
  }

  /// - Throws: `doesNotOpen` unless the bytes were sealed with exactly this context.
  package func open(bytes: [UInt8], context: String) throws(VaultError) -> [UInt8] {
    try Envelope.open(bytes, key: key, place: .row(tenant: tenant, context: context))
  }
}
