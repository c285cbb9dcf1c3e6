/// SHA-256, for callers that have nothing to say to a failure.
package enum SHA256 {
  /// Calls `copenssl_sha256`.
  ///
  /// An OpenSSL without SHA-256 is found out by ``Vault/check()``, which every host asks before it begins.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    do throws(VaultError) {
      return try OpenSSLCipher.sha256(bytes)
    } catch {
      // The same call succeeded at the start of this process.
      fatalError("OpenSSL offers no SHA-256 any more, although it did when the vault was checked: \(error)")
    }
  }
}
