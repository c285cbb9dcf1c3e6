/// SHA-256, for callers that have nothing to say to a failure.
package enum SHA256 {
  /// Calls `copenssl_sha256`.
  ///
  /// An OpenSSL without SHA-256 cannot seal either, and is found out when the vault is opened.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    do throws(VaultError) {
      return try OpenSSLCipher.sha256(bytes)
    } catch {
      // Opening a vault needs the same library, so no host comes here: \(error).
      fatalError("OpenSSL offers no SHA-256, although it sealed and opened keys: \(error)")
    }
  }
}
